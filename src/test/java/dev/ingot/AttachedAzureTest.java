package dev.ingot;

import static dev.ingot.testing.RunReport.planned;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.TestContainer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Packages whose data lies in a container of Azure's that the project was granted. */
class AttachedAzureTest {

  @TempDir static Path folder;
  private static TestContainer container;
  private static AttachedServer server;
  private static String lake;

  @BeforeAll
  static void start() {
    container = TestContainer.start(folder);
    lake = azure("lake", "az://lake/attached/", container.sasUrl());
    server = AttachedServer.start(folder, lake);
  }

  @AfterAll
  static void stop() {
    if (container != null) {
      server.close();
      container.close();
    }
  }

  private static String azure(String name, String prefix, String sasUrl) {
    return """
    {"name":"%s","type":"azure","prefix":"%s","azureConnection":{
     "authType":"sas_token","sasUrl":"%s"}}
    """
        .formatted(name, prefix, sasUrl);
  }

  /** Of the URL, what it must not show. */
  private static String signature() {
    return container.sasUrl().replaceAll(".*sig=", "");
  }

  private PackageApi register(String name) {
    container.put("attached/%s/sales.csv".formatted(name), "item,n\npen,1\nink,2\n");
    container.put("attached/%s/days/1.csv".formatted(name), "day_number\n1\n");
    server
        .files(name)
        .model(
            "shop.malloy",
            """
            source: sales is duckdb.table('az://lake/attached/%1$s/sales.csv')
            #@ persist
            source: by_item is sales -> { group_by: item; aggregate: total is n.sum() }
            #@ persist
            source: best is by_item -> { select: item; where: total > 1 }
            #@ persist
            source: daily is duckdb.table('az://lake/attached/%1$s/days/*.csv') -> { aggregate: n is count() }
            """
                .formatted(name));
    return server.register(name);
  }

  @Test
  void whatLiesInAContainerIsBuiltAndFollowed() {
    String name = server.newName();
    PackageApi shop = register(name);
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder("by_item BUILT NEW", "best BUILT NEW", "daily BUILT NEW");
    JsonNode plan = shop.plan("");
    assertThat(planned(plan)).hasSize(3).allMatch(line -> line.endsWith(" REUSE UNCHANGED"));
    assertThat(plan.path("targets").valueStream().map(one -> one.path("freshness").asString()))
        .containsOnly("checked");

    container.put("attached/%s/days/2.csv".formatted(name), "day_number\n2\n3\n");
    plan = shop.plan("");
    assertThat(planned(plan))
        .containsExactlyInAnyOrder(
            "by_item REUSE UNCHANGED", "best REUSE UNCHANGED", "daily BUILD DATA_CHANGED");
    assertThat(plan.toString())
        .contains("az://lake/attached/%s/days/2.csv is new".formatted(name))
        .doesNotContain(signature());
    shop.buildOk();
    assertThat(shop.rows("shop.malloy", "run: daily -> { select: * }").toString())
        .isEqualTo("[{\"n\":3}]");

    // As long as before, and perhaps within the same second.
    container.put("attached/%s/sales.csv".formatted(name), "item,n\npen,1\nink,9\n");
    assertThat(what(shop.buildOk()))
        .containsExactlyInAnyOrder(
            "by_item BUILT DATA_CHANGED", "best BUILT UPSTREAM", "daily REUSED UNCHANGED");
    assertThat(shop.rows("shop.malloy", "run: by_item -> { select: *; order_by: item }").toString())
        .isEqualTo("[{\"item\":\"ink\",\"total\":9},{\"item\":\"pen\",\"total\":1}]");

    container.delete("attached/%s/days/1.csv".formatted(name));
    assertThat(shop.plan("").toString())
        .contains("az://lake/attached/%s/days/1.csv is gone".formatted(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FROM 'az://lake/secret/s.csv'",
        "FROM 'az://lake/attached/../secret/s.csv'",
        "FROM 'az://lake/attached/..%2Fsecret/s.csv'",
        "FROM 'az://lake/attached/%2e%2e/secret/s.csv'",
        "FROM 'azure://lake/secret/s.csv'",
        "FROM 'az://devstoreaccount1.blob.core.windows.net/lake/secret/s.csv'",
        "FROM 'abfss://lake@devstoreaccount1.dfs.core.windows.net/secret/s.csv'",
        "FROM read_csv('az://lake/' || 'secret/s.csv')",
        "FROM glob('az://lake/secret/*')",
        "FROM duckdb_secrets()",
        "SELECT current_setting('azure_http_proxy')",
      })
  void nothingElseIsReachedThere(String sql) {
    container.put("secret/s.csv", "word\ncanary\n");
    String name = server.newName();
    PackageApi shop = register(name);

    String query = "run: duckdb.sql(\"\"\"%s\"\"\") -> { select: * }".formatted(sql);
    var answer = shop.query("shop.malloy", query);

    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.text()).doesNotContain("canary").doesNotContain(signature());
  }

  @Test
  void aMaskedSignatureIsTheOneThatIsKnown() {
    String masked =
        azure("lake", "az://lake/attached/", container.sasUrl().replaceAll("\\?.*", "?***"));
    var shown = server.grant(masked).expect(200);
    assertThat(shown.json().at("/duckdbConnection/attachedDatabases/0/azureConnection").toString())
        .contains("sas_token")
        .contains("/lake?***");
    assertThat(shown.text()).doesNotContain(signature());
    register(server.newName()).buildOk();

    for (String elsewhere :
        new String[] {
          masked.replace("127.0.0.1", "localhost"),
          masked.replace("\"lake\"", "\"pond\""),
          masked.replace("/attached/", "/other/")
        }) {
      Refusal.check(server.grant(elsewhere), 400, "invalid_connection", "masked");
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(server.tried(lake)).contains("\"ok\"");
    assertThat(server.tried(lake.replaceAll("sig=[^\"]*", "sig=AAAA")))
        .contains("answers 403")
        .doesNotContain("AAAA");
    assertThat(server.tried(lake.replace("/lake?", "/pond?").replace("az://lake/", "az://pond/")))
        .contains("az://pond/attached/ can't be listed");
    assertThat(server.tried(lake.replaceAll("127.0.0.1:\\d+", "127.0.0.1:1")))
        .contains("can't be listed");
    assertThat(server.tried(lake.replace("127.0.0.1", "localhost"))).contains("not public");
  }
}
