package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Connections that cannot be ones are refused wherever they are given, without their secrets and
 * before anything is connected to.
 */
class BadConnectionTest extends BadInput {

  private static final String CONNECTIONS = API + "/projects/p/connections";
  private static final String KNOWN = CONNECTIONS + "/known";
  private static final String TEST = API + "/connections/test";

  private static ServerSocketChannel listener;
  private static JsonNode known;

  @BeforeAll
  static void listen() throws IOException {
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    listener.configureBlocking(false);
    String settings =
        here("'host':'127.0.0.1','port':PORT,'databaseName':'d','userName':'u','password':'kn0wn'");
    client.post(CONNECTIONS, "{\"name\":\"known\"," + connection(settings) + "}").expect(201);
    known = client.get(KNOWN).expect(200).json();
  }

  @AfterAll
  static void close() throws IOException {
    listener.close();
  }

  @AfterEach
  void nobodyConnectedAndNothingChanged() throws IOException {
    assertThat(listener.accept()).isNull();
    assertThat(client.get(KNOWN).json()).isEqualTo(known);
    assertThat(client.get(CONNECTIONS).json()).hasSize(2);
    assertThat(projectNames()).containsExactly("p");
  }

  /** With the listener's port, and quotes. */
  private static String here(String json) {
    return json.replace('\'', '"').replace("PORT", Integer.toString(port()));
  }

  private static int port() {
    return listener.socket().getLocalPort();
  }

  private static String connection(String settings) {
    return "\"type\":\"postgres\",\"postgresConnection\":{" + settings + "}";
  }

  /** To all that take one, as their fields beside the name. */
  private static List<Answer> given(String fields) {
    return List.of(
        client.post(CONNECTIONS, "{\"name\":\"c\"," + fields + "}"),
        client.post(TEST, "{\"name\":\"c\"," + fields + "}"),
        client.post(TEST, "{\"projectName\":\"p\",\"name\":\"known\"," + fields + "}"),
        client.patch(KNOWN, "{" + fields + "}"),
        client.post(
            API + "/projects",
            "{\"name\":\"q\",\"connections\":[{\"name\":\"c\"," + fields + "}]}"));
  }

  private static void refused(String fields, String code, String... words) {
    for (Answer answer : given(fields)) {
      Refusal.check(answer, 400, code, words);
      assertThat(answer.text()).doesNotContain("s3cr3t", "kn0wn");
    }
  }

  private static final String GOOD =
      "'host':'127.0.0.1','port':PORT,'databaseName':'d','userName':'u','password':'s3cr3t'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'host':'127.0.0.1:1' | host",
        "'host':'127.0.0.1/x' | host",
        "'host':'127.0.0.1?socketFactory=x' | host",
        "'host':'127.0.0.1&loggerFile=x' | host",
        "'host':'127.0.0.1;x' | host",
        "'host':'127.0.0.1,127.0.0.1' | host",
        "'host':'/var/run/postgresql' | host",
        "'host':'127.0.0.1\\n' | host",
        "'host':'127.0.0.1\\u0000' | host",
        "'host':'' | host",
        "'port':0 | port",
        "'port':-1 | port",
        "'port':65536 | port",
        "'databaseName':'' | databaseName",
        "'databaseName':'d\\u0000x' | databaseName",
        "'userName':'u\\u0000x' | userName",
        "'password':'s3cr3t\\u0000x' | password",
        "'schema':'' | schema",
        "'schema':'a\\nb' | schema",
        "'sslmode':'sometimes' | sslmode",
        "'sslRootCertificate':'/etc/passwd','sslmode':'verify-full' | PEM",
        "'sslRootCertificate':'-----BEGIN CERTIFICATE-----' | verify-full",
        "'fingerprint':'a\\u0000b' | fingerprint",
        "'properties':{'socketFactory':'x'} | socketFactory",
        "'properties':{'loggerFile':'x'} | loggerFile",
        "'properties':{'sslfactory':'x'} | sslfactory",
        "'properties':{'authenticationPluginClassName':'x'} | authenticationPluginClassName",
        "'properties':{'connectTimeout':'5&loggerFile=x'} | connectTimeout",
        "'properties':{'connectTimeout':''} | connectTimeout",
        "'connectionString':'s3cr3t' | connectionString",
        "'connectionString':'jdbc:postgresql://127.0.0.1:PORT/d?password=s3cr3t' | postgres://",
        "'connectionString':'postgres://u:s3cr3t@127.0.0.1:PORT/d?socketFactory=x' | parameter",
        "'connectionString':'postgres://u:s3cr3t@other:PORT/d' | host",
        "'connectionString':'postgres://u:other@127.0.0.1:PORT/d' | password",
      })
  void aConnectionThatCannotBeOneIsRefused(String changed, String word) {
    refused(connection(here(merged(changed))), "invalid_connection", word);
  }

  /** The good settings, but for what is changed: JSON's last field of a name would win. */
  private static String merged(String changed) {
    String name = changed.substring(0, changed.indexOf(':') + 1);
    String others = GOOD.replaceAll(name + "('[^']*'|PORT),", "");
    return others + "," + changed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'type':'mysql','postgresConnection':{} | not_supported | postgres",
        "'type':'','postgresConnection':{} | not_supported | postgres",
        "'type':5 | bad_request | type",
        "'type':'postgres','postgresConnection':'s3cr3t' | bad_request | postgresConnection",
        "'type':'postgres','postgresConnection':{'port':'s3cr3t'} | bad_request | port",
        "'type':'postgres','postgresConnection':{'port':1.5} | bad_request | port",
        "'type':'postgres','postgresConnection':{'schema':5} | bad_request | schema",
        "'type':'postgres','postgresConnection':{'properties':'s3cr3t'} | bad_request | properties",
        "'type':'postgres','postgresConnection':{'properties':{'connectTimeout':5}} | bad_request | connectTimeout",
        "'type':'postgres','postgresConnection':{'properties':{'connectTimeout':null}} | bad_request | properties",
        "'type':'postgres','postgresConnection':{'passwort':'s3cr3t'} | unknown_field | did you mean 'password'",
        "'type':'postgres','postgresConnection':{'database':'d'} | unknown_field | databaseName",
        "'typ':'postgres' | unknown_field | did you mean 'type'",
        "'type':'postgres','bigqueryConnection':{} | unknown_field | postgresConnection",
      })
  void aConnectionOfAnotherFormIsRefused(String fields, String code, String word) {
    refused(fields.replace('\'', '"'), code, word);
  }

  @Test
  void whatANewConnectionNeedsIsNamed() {
    String type = "{\"name\":\"c\",\"type\":\"postgres\"";

    Refusal.check(client.post(CONNECTIONS, "{\"name\":\"c\"}"), 400, "bad_request", "type");
    Refusal.check(client.post(CONNECTIONS, "{\"type\":\"postgres\"}"), 400, "bad_request", "name");
    Refusal.check(client.post(CONNECTIONS, type + "}"), 400, "bad_request", "postgresConnection");
    Refusal.check(client.post(TEST, type + "}"), 400, "bad_request", "postgresConnection");
    Refusal.check(client.post(TEST, "{\"projectName\":\"p\"}"), 400, "bad_request", "name");
    Refusal.check(
        client.post(CONNECTIONS, type + ",\"postgresConnection\":{\"databaseName\":\"d\"}}"),
        400,
        "invalid_connection",
        "host",
        "connectionString");
    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"q\",\"connections\":[null]}"),
        400,
        "bad_request",
        "connection");
  }

  @Test
  void aMaskedPasswordIsNotSentElsewhere() {
    String elsewhere = here("'host':'localhost','password':'***'");

    for (Answer answer :
        List.of(
            client.patch(KNOWN, "{" + connection(elsewhere) + "}"),
            client.patch(KNOWN, "{" + connection(here("'host':'localhost'")) + "}"),
            client.patch(KNOWN, "{" + connection(here("'userName':'other'")) + "}"),
            client.patch(
                KNOWN,
                "{" + connection(here("'connectionString':'postgres://u@localhost:PORT/d'")) + "}"),
            client.post(
                TEST,
                "{\"projectName\":\"p\",\"name\":\"known\"," + connection(elsewhere) + "}"))) {
      Refusal.check(answer, 400, "invalid_connection", "password");
      assertThat(answer.text()).doesNotContain("kn0wn");
    }
    refusedUnknown();
  }

  private static void refusedUnknown() {
    String masked = connection(here(GOOD).replace("s3cr3t", "***"));
    Refusal.check(
        client.post(CONNECTIONS, "{\"name\":\"c\"," + masked + "}"), 400, "invalid_connection");
    Refusal.check(client.post(TEST, "{\"name\":\"c\"," + masked + "}"), 400, "invalid_connection");
  }

  @ParameterizedTest
  @ValueSource(strings = {"duckdb", "DuckDB", "", "..", "a/b", "a b", "a'b", "-a", "a.", "\\u0000"})
  void aNameThatIsReservedOrNoneIsRefused(String name) {
    String body = "{\"name\":\"" + name + "\"," + connection(here(GOOD)) + "}";

    Refusal.check(client.post(CONNECTIONS, body), 400, "invalid_name");
    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"q\",\"connections\":[" + body + "]}"),
        400,
        "invalid_name");
  }

  @Test
  void aNameThatIsTakenIsAConflict() {
    String body = "{\"name\":\"known\"," + connection(here(GOOD)) + "}";

    Refusal.check(client.post(CONNECTIONS, body), 409, "connection_exists", "PATCH");
    Refusal.check(
        client.post(
            API + "/projects", "{\"name\":\"q\",\"connections\":[" + body + "," + body + "]}"),
        409,
        "connection_exists");
    Refusal.check(client.patch(KNOWN, "{\"name\":\"other\"}"), 400, "not_supported", "renamed");
  }

  @Test
  void theImplicitConnectionStaysAndHasNoTablesOfItsOwn() {
    String implicit = CONNECTIONS + "/duckdb";

    for (Answer answer :
        List.of(
            client.get(implicit + "/schemas"),
            client.get(implicit + "/tables"),
            client.get(implicit + "/tables/main.orders"))) {
      Refusal.check(answer, 400, "not_supported", "duckdb", "package");
    }
    client.delete(implicit).expect(204);
    assertThat(client.patch(implicit, "{}").expect(200).json())
        .isEqualTo(client.get(implicit).expect(200).json());
    Refusal.check(
        client.patch(implicit, "{\"type\":\"postgres\"}"), 400, "not_supported", "duckdb");
    Refusal.check(
        client.post(CONNECTIONS, "{\"name\":\"DuckDB\",\"type\":\"duckdb\"}"), 400, "invalid_name");
  }

  @Test
  void aProjectsConnectionsAreChangedOneByOne() {
    String body = "{\"name\":\"c\"," + connection(here(GOOD)) + "}";

    Refusal.check(client.post(API + "/projects/none/connections", body), 404, "project_not_found");
    Refusal.check(
        client.patch(API + "/projects/p", "{\"connections\":[]}"),
        400,
        "not_supported",
        CONNECTIONS);
  }

  @Test
  void parametersOfConnectionsAreReadStrictly() {
    Refusal.check(client.delete(KNOWN + "?abandon=maybe"), 400, "bad_request", "abandon");
    Refusal.check(client.get(KNOWN + "/tables?schema="), 400, "bad_request", "schema");
    Refusal.check(client.get(CONNECTIONS + "/a%2Fb"), 400, "invalid_name");
    Refusal.check(client.get(CONNECTIONS + "/%2e%2e"), 400, "invalid_name");
    Refusal.check(client.post(KNOWN, "{}"), 405, "method_not_allowed");
  }
}
