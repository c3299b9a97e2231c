package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Refusal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What DuckDB can't be given to read is refused wherever it is given, without its secrets. */
class BadAttachedTest extends BadInput {

  private static final String CONNECTIONS = API + "/projects/p/connections";
  private static final String DUCKDB = CONNECTIONS + "/duckdb";
  private static final String TEST = API + "/connections/test";
  private static final String KEYS = "'accessKeyId':'k','secretAccessKey':'s3cr3t'";

  @AfterEach
  void nothingChanged() {
    assertThat(client.get(DUCKDB).json().path("duckdbConnection").path("attachedDatabases"))
        .isEmpty();
    assertThat(projectNames()).containsExactly("p");
  }

  private static void refused(String attached, String code, String... words) {
    String connection =
        "\"type\":\"duckdb\",\"duckdbConnection\":{\"attachedDatabases\":[%s]}"
            .formatted(attached.replace('\'', '"'));
    for (Answer answer :
        List.of(
            client.post(CONNECTIONS, "{\"name\":\"duckdb\"," + connection + "}"),
            client.post(TEST, "{" + connection + "}"),
            client.patch(DUCKDB, "{" + connection + "}"),
            client.post(
                API + "/projects",
                "{\"name\":\"q\",\"connections\":[{\"name\":\"duckdb\"," + connection + "}]}"))) {
      Refusal.check(answer, 400, code, words);
      assertThat(answer.text()).doesNotContain("s3cr3t");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | bad_request | attached",
        "{} | bad_request | name",
        "{'name':'a'} | bad_request | type",
        "{'name':'a','type':'bigquery'} | not_supported | bigquery",
        "{'name':'a','type':'ducklake'} | not_supported | ducklake",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS,'endpoint':'http://h:99999'}} | invalid_connection | endpoint",
        "{'name':'a','type':'https','prefix':'https://host:65536/a/'} | invalid_connection | prefix",
        "{'name':'a','type':'S3'} | not_supported | s3",
        "{'name':'a','type':'s3'} | bad_request | s3Connection",
        "{'name':'a','type':'s3','s3Connection':{}} | bad_request | accessKeyId",
        "{'name':'a','type':'s3','s3Connection':{'accessKeyId':'k'}} | bad_request | secretAccessKey",
        "{'name':'a','type':'s3','s3Connection':{KEYS}} | invalid_connection | prefix",
        "{'name':'a','type':'s3','prefix':'s3://lake','s3Connection':{KEYS}} | invalid_connection | prefix",
        "{'name':'a','type':'s3','prefix':'s3://lake/x','s3Connection':{KEYS}} | invalid_connection | slash",
        "{'name':'a','type':'s3','prefix':'s3://lake/../','s3Connection':{KEYS}} | invalid_connection | prefix",
        "{'name':'a','type':'s3','prefix':'s3://lake/x?s3_endpoint=y/','s3Connection':{KEYS}} | invalid_connection | prefix",
        "{'name':'a','type':'s3','prefix':'gs://lake/','s3Connection':{KEYS}} | invalid_connection | s3://",
        "{'name':'a','type':'s3','prefix':'file:///etc/','s3Connection':{KEYS}} | invalid_connection | s3://",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS,'region':'x.evil.example/'}} | invalid_connection | region",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS,'endpoint':'a/b'}} | invalid_connection | endpoint",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS,'endpoint':'u@h'}} | invalid_connection | endpoint",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{'accessKeyId':'k','secretAccessKey':'***'}} | invalid_connection | masked",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{'accessKeyId':'','secretAccessKey':'s3cr3t'}} | invalid_connection | empty",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS},'gcsConnection':{}} | invalid_connection | gcsConnection",
        "{'name':'a','type':'gcs','prefix':'gs://lake/'} | bad_request | gcsConnection",
        "{'name':'a','type':'gcs','prefix':'s3://lake/','gcsConnection':{'keyId':'k','secret':'s3cr3t'}} | invalid_connection | gs://",
        "{'name':'a','type':'azure','prefix':'az://lake/'} | bad_request | azureConnection",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{}} | bad_request | authType",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{'authType':'key'}} | invalid_connection | sas_token",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/lake'}} | invalid_connection | sasUrl",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/pond?sig=s3cr3t'}} | invalid_connection | container",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://h/x/pond?sig=s3cr3t'}} | invalid_connection | container",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/lake?sig=s3cr3t;BlobEndpoint=https://evil.example'}} | invalid_connection | sasUrl",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/lake?***'}} | invalid_connection | masked",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/lake?sig=s3cr3t','accountName':'a'}} | invalid_connection | leave out",
        "{'name':'a','type':'azure','prefix':'az://lake','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/lake?sig=s3cr3t'}} | invalid_connection | slash",
        "{'name':'a','type':'azure','prefix':'az://la/','azureConnection':{SAS,'sasUrl':'https://a.blob.core.windows.net/la?sig=s3cr3t'}} | invalid_connection | az://",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP}} | invalid_connection | accountName",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP,'accountName':'a.evil.example/'}} | invalid_connection | accountName",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP,'accountName':'shop','tenantId':'a/b'}} | invalid_connection | tenantId",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP,'accountName':'shop','tenantId':'t','clientId':'c'}} | invalid_connection | clientSecret",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP,'accountName':'shop','tenantId':'t','clientId':'c','clientSecret':'***'}} | invalid_connection | masked",
        "{'name':'a','type':'azure','prefix':'az://lake/','azureConnection':{APP,'sasUrl':'https://h/lake?sig=s3cr3t'}} | invalid_connection | sasUrl",
        "{'name':'a','type':'s3','prefix':'s3://lake/','s3Connection':{KEYS},'azureConnection':{}} | invalid_connection | azureConnection",
        "{'name':'a','type':'https','prefix':'https://'} | invalid_connection | https://host/folder/",
        "{'name':'a','type':'https','prefix':'https://u:p@host/'} | invalid_connection | prefix",
        "{'name':'a','type':'https','prefix':'https://host/a'} | invalid_connection | slash",
        "{'name':'a','type':'https','prefix':'ftp://host/a/'} | invalid_connection | https://",
        "{'name':'a','type':'postgres'} | bad_request | postgresConnection",
        "{'name':'a','type':'postgres','prefix':'x','postgresConnection':{PG}} | invalid_connection | prefix",
        "{'name':'a','type':'postgres','postgresConnection':{PG,'schema':'x'}} | invalid_connection | schema",
        "{'name':'a','type':'postgres','postgresConnection':{PG,'properties':{'connectTimeout':'5'}}} | invalid_connection | properties",
        "{'name':'a','type':'postgres','postgresConnection':{'host':'a b','databaseName':'d','userName':'u'}} | invalid_connection | host",
        "{'name':'main','type':'postgres','postgresConnection':{PG}} | invalid_connection | name",
        "{'name':'a b','type':'postgres','postgresConnection':{PG}} | invalid_connection | name",
        "{'name':'a','type':'https','prefix':'https://h/'},{'name':'A','type':'https','prefix':'https://h/'} | invalid_connection | name",
      })
  void whatCannotBeReadIsRefused(String attached, String code, String word) {
    refused(
        attached
            .replace("KEYS", KEYS)
            .replace("SAS", "'authType':'sas_token'")
            .replace("APP", "'authType':'service_principal'")
            .replace(
                "PG", "'host':'127.0.0.1','databaseName':'d','userName':'u','password':'s3cr3t'"),
        code,
        word);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://127.0.0.1/a/ | 127.0.0.1",
        "https://localhost/a/ | 127.0.0.1",
        "https://[::1]/a/ | not public",
        "https://[::ffff:10.0.0.1]/a/ | not public",
        "https://169.254.169.254/latest/ | not public",
        "https://10.1.2.3/a/ | not public",
        "https://2130706433/a/ | four numbers",
        "https://0x7f.1/a/ | four numbers",
        "https://127.1/a/ | four numbers",
        "https://0177.0.0.1/a/ | four numbers",
        "https://nowhere.invalid/a/ | not found",
      })
  void aHostThatIsNotPublicIsNotTried(String prefix, String word) {
    String test =
        """
        {"type":"duckdb","duckdbConnection":{"attachedDatabases":[
         {"name":"a","type":"https","prefix":"%s"}]}}
        """
            .formatted(prefix);

    assertThat(client.post(TEST, test).expect(200).json().path("errorMessage").asString())
        .contains(word);
  }

  @Test
  void anEndpointThatIsNotPublicIsNotTried() {
    String test =
        """
        {"type":"duckdb","duckdbConnection":{"attachedDatabases":[
         {"name":"a","type":"s3","prefix":"s3://lake/","s3Connection":{
          "accessKeyId":"k","secretAccessKey":"s3cr3t","endpoint":"http://127.0.0.1:9"}}]}}
        """;

    Answer answer = client.post(TEST, test).expect(200);

    assertThat(answer.json().path("status").asString()).isEqualTo("failed");
    assertThat(answer.text()).contains("ingot.duckdb.private-hosts").doesNotContain("s3cr3t");
  }
}
