package dev.ingot.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A connection's fields and its URL make one: nothing hostile comes through, no secret comes out.
 */
class PostgresFieldsTest {

  private static final PostgresFields NOTHING = fields(null, null, null, null, null);
  private static final PostgresSettings KNOWN =
      fields("db", 5433, "shop", "ann", "s3cr3t").settings(null);

  private static PostgresFields fields(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable String user,
      @Nullable String password) {
    return new PostgresFields(host, port, database, user, password, null, null, null, null, null);
  }

  private static PostgresSettings of(String url) {
    return NOTHING.and(url).settings(null);
  }

  private static void refused(ThrowingCallable call, String word) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> {
              assertThat(fault.code()).isEqualTo(FaultCode.INVALID_CONNECTION);
              assertThat(fault.detail()).contains(word).doesNotContain("s3cr3t");
              assertThat(fault.getCause()).isNull();
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "postgres://ann:pw@db/shop                    | db      | 5432 | shop | ann    | pw",
        "postgresql://ann:pw@db.example:6000/shop     | db.example | 6000 | shop | ann | pw",
        "postgres://ann:pw@db:/shop                   | db      | 5432 | shop | ann    | pw",
        "postgres://ann:pw@shop_db_1:6000/shop        | shop_db_1 | 6000 | shop | ann  | pw",
        "postgres://ann:pw@127.0.0.1/shop             | 127.0.0.1 | 5432 | shop | ann  | pw",
        "postgres://ann:pw@[::1]:6000/shop            | ::1     | 6000 | shop | ann    | pw",
        "postgres://a%3An%40n:p%2Fw%3A%40%23%3F@db/sh%20op%2F1 | db | 5432 | sh op/1 | a:n@n | p/w:@#?",
        "postgres://ann:p+w%2B:x@db/shop              | db      | 5432 | shop | ann    | p+w+:x",
        "postgres://ann:p%C3%A4@db/shop?              | db      | 5432 | shop | ann    | p\u00e4",
        "postgres://ann@db/shop                       | db      | 5432 | shop | ann    | ``",
        "postgres://ann:@db/shop                      | db      | 5432 | shop | ann    | ``",
      })
  void aUrlIsReadIntoTheFields(
      String url, String host, int port, String database, String user, String password) {
    assertThat(of(url)).isEqualTo(fields(host, port, database, user, password).settings(null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "db",
        "shop_db_1",
        "db.example.",
        "10.0.0.1",
        "::1",
        "fe80::1:2",
        "1:2:3:4:5:6:7:8",
        "::ffff:10.0.0.1"
      })
  void aHostIsANameOrAnAddress(String host) {
    assertThat(fields(host, null, "shop", "ann", "").settings(null).host()).isEqualTo(host);
  }

  @Test
  void aUrlMayHaveAnSslModeAndTheAllowedProperties() {
    PostgresSettings read =
        of("postgres://ann:pw@db/shop?sslmode=require&connectTimeout=5&targetServerType=primary");

    assertThat(read.sslMode()).isEqualTo("require");
    assertThat(read.properties())
        .isEqualTo(Map.of("connectTimeout", "5", "targetServerType", "primary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cr3t",
        "",
        " ",
        "jdbc:postgresql://db/shop?user=ann&password=s3cr3t",
        "mysql://ann:s3cr3t@db/shop",
        "POSTGRES://ann:s3cr3t@db/shop",
        "postgres:ann:s3cr3t@db/shop",
        "postgres:///shop?host=/var/run&password=s3cr3t",
        "postgres://ann:s3cr3t%@db/shop",
        "postgres://ann:s3cr3t @db/shop",
        "postgres://ann:s3cr3t\n@db/shop",
        "postgres://ann:s3c@r3t@db/shop",
        "postgres://ann:s3c/r3t@db/shop",
        "postgres://ann:s3c?r3t@db/shop",
        "postgres://ann:s3c#r3t@db/shop",
        "postgres://:s3cr3t@db/shop",
        "postgres://ann:s3cr3t@/shop",
        "postgres://ann:s3cr3t@db",
        "postgres://ann:s3cr3t@db/",
        "postgres://ann:s3cr3t@db/shop/x",
        "postgres://ann:s3cr3t@db/shop#x",
        "postgres://ann:s3cr3t@db:0/shop",
        "postgres://ann:s3cr3t@db:65536/shop",
        "postgres://ann:s3cr3t@db:-1/shop",
        "postgres://ann:s3cr3t@db:123456/shop",
        "postgres://ann:s3cr3t@db:6000,other:6001/shop",
        "postgres://ann:s3cr3t@db,other/shop",
        "postgres://ann:s3cr3t@%2Fvar%2Frun/shop",
        "postgres://ann:s3cr3t@[fe80::1%25eth0]/shop",
        "postgres://ann:s3cr3t@[db]/shop",
        "postgres://ann%00x:s3cr3t@db/shop",
        "postgres://ann:s3cr3t%00@db/shop",
        "postgres://ann:s3cr3t%0a@db/shop",
        "postgres://ann:s3cr3t@db/shop%00x",
        "postgres://ann:s3cr3t%ff@db/shop",
        "postgres://ann:s3cr3t@db/shop?sslmode",
        "postgres://ann:s3cr3t@db/shop?sslmode=",
        "postgres://ann:s3cr3t@db/shop?sslmode=sometimes",
        "postgres://ann:s3cr3t@db/shop?sslmode=require&sslmode=disable",
        "postgres://ann:s3cr3t@db/shop?socketFactory=org.springframework.context.support.X",
        "postgres://ann:s3cr3t@db/shop?socketFactoryArg=http://evil/x.xml",
        "postgres://ann:s3cr3t@db/shop?loggerLevel=TRACE&loggerFile=/tmp/x.jsp",
        "postgres://ann:s3cr3t@db/shop?sslfactory=x",
        "postgres://ann:s3cr3t@db/shop?authenticationPluginClassName=x",
        "postgres://ann:s3cr3t@db/shop?sslhostnameverifier=x",
        "postgres://ann:s3cr3t@db/shop?sslkey=/etc/passwd",
        "postgres://ann:s3cr3t@db/shop?options=-c%20session_preload_libraries=x",
        "postgres://ann:s3cr3t@db/shop?host=evil",
        "postgres://ann:s3cr3t@db/shop?password=s3cr3t",
        "postgres://ann:s3cr3t@db/shop?CONNECTTIMEOUT=5",
        "postgres://ann:s3cr3t@db/shop?connectTimeout=5;x",
        "postgres://ann:s3cr3t@db/shop?connectTimeout=5%26loggerFile=x",
      })
  void whatIsNoSuchUrlIsRefusedAndNotRepeated(String url) {
    refused(() -> of(url), "'");
    refused(
        () -> NOTHING.and(url).or(fields("db", 5433, "shop", "ann", null)).settings(KNOWN), "'");
  }

  @ParameterizedTest
  @CsvSource({
    "other, , , , , host",
    ", 5432, , , , port",
    ", , other, , , databaseName",
    ", , , other, , userName",
    ", , , , other, password"
  })
  void aFieldThatSaysOtherwiseThanTheUrlIsNamed(
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String database,
      @Nullable String user,
      @Nullable String password,
      String field) {
    String url = "postgres://ann:s3cr3t@db:5433/shop";

    refused(() -> fields(host, port, database, user, password).and(url), "'" + field + "'");
    assertThat(fields("db", 5433, "shop", "ann", "s3cr3t").and(url).settings(null))
        .isEqualTo(KNOWN);
  }

  @Test
  void whatTheUrlLeavesOpenMayBeSaidBesideIt() {
    assertThat(
            fields(null, 5433, null, null, "s3cr3t").and("postgres://ann@db/shop").settings(null))
        .isEqualTo(KNOWN);
  }

  @Test
  void propertiesAndSslModeAgreeToo() {
    PostgresFields said =
        new PostgresFields(
            null,
            null,
            null,
            null,
            null,
            null,
            "require",
            null,
            null,
            Map.of("connectTimeout", "5"));
    String url = "postgres://ann:s3cr3t@db:5433/shop?";

    PostgresSettings both = said.and(url + "connectTimeout=5&tcpKeepAlive=true").settings(null);
    assertThat(both.sslMode()).isEqualTo("require");
    assertThat(both.properties()).containsOnlyKeys("connectTimeout", "tcpKeepAlive");
    refused(() -> said.and(url + "connectTimeout=6"), "connectTimeout");
    refused(() -> said.and(url + "sslmode=disable"), "sslmode");
  }

  @ParameterizedTest
  @CsvSource({", shop, ann, host", "db, , ann, databaseName", "db, shop, , userName"})
  void whatIsMissingIsNamed(
      @Nullable String host, @Nullable String database, @Nullable String user, String field) {
    refused(() -> fields(host, null, database, user, null).settings(null), "'" + field + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/var/run/postgresql",
        "@abstract",
        "db/other",
        "db?socketFactory=x",
        "db&x",
        "db;x",
        "db,other",
        "db:5432",
        "db\n",
        "db\u0000x",
        "db x",
        "-db",
        "db-",
        ".db",
        "d\u00f6",
        "user@db",
        "[::1]",
        "127.0.0.1:5432",
        "::1%eth0",
        "http://db",
        "TOOLONG",
        "TOO:LONG"
      })
  void aHostThatIsMoreThanAHostIsRefused(String host) {
    String actual =
        switch (host) {
          case "TOOLONG" -> "a".repeat(254);
          case "TOO:LONG" -> ":".repeat(1_000_000) + "x";
          default -> host;
        };

    refused(() -> fields(actual, null, "shop", "ann", "s3cr3t").settings(null), "'host'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "socketFactory",
        "socketFactoryArg",
        "loggerFile",
        "loggerLevel",
        "sslfactory",
        "sslfactoryarg",
        "authenticationPluginClassName",
        "sslhostnameverifier",
        "sslpasswordcallback",
        "xmlFactoryFactory",
        "jaasApplicationName",
        "sslkey",
        "sslcert",
        "sslrootcert",
        "service",
        "options",
        "localSocketAddress",
        "PGHOST",
        "user",
        "password",
        "ConnectTimeout",
        "connectTimeout ",
        "",
        "connectTimeout&loggerFile",
        "a\nb"
      })
  void aPropertyThatIsNotOnTheListIsRefused(String name) {
    refused(() -> withProperty(name, "5").settings(null), "may be set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5;x", "5&loggerFile=x", "/tmp/x", "a b", "5\n", "a.b.C", "\u0665"})
  void aPropertysValueIsOfLettersAndDigits(String value) {
    refused(() -> withProperty("connectTimeout", value).settings(null), "connectTimeout");
  }

  private static PostgresFields withProperty(String name, String value) {
    return new PostgresFields(
        "db", null, "shop", "ann", "s3cr3t", null, null, null, null, Map.of(name, value));
  }

  @Test
  void aMaskedOrMissingPasswordIsTheKnownOneOfTheSameLogin() {
    PostgresFields said = fields("db", 5433, "shop", "ann", null);

    assertThat(said.settings(KNOWN)).isEqualTo(KNOWN);
    assertThat(fields("db", 5433, "shop", "ann", "***").settings(KNOWN)).isEqualTo(KNOWN);
    assertThat(fields("db", 5433, "shop", "ann", "").settings(KNOWN).password()).isEmpty();
    assertThat(said.settings(null).password()).isEmpty();
    assertThat(said.settings(said.settings(null)).password()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "evil, 5433, shop, ann",
    "db, 5434, shop, ann",
    "db, 5433, other, ann",
    "db, 5433, shop, bob"
  })
  void aKnownPasswordIsNotSentElsewhere(String host, int port, String database, String user) {
    refused(() -> fields(host, port, database, user, "***").settings(KNOWN), "password");
    refused(() -> fields(host, port, database, user, null).settings(KNOWN), "password");
    refused(() -> fields(host, port, database, user, "***").settings(null), "password");
    assertThat(fields(host, port, database, user, "new").settings(KNOWN).password())
        .isEqualTo("new");
  }

  @Test
  void nothingThatIsPrintedHasASecret() {
    PostgresFields said = fields("db", 5433, "shop", "ann", "s3cr3t");

    assertThat(said + " " + KNOWN + " " + NOTHING.and("postgres://ann:s3cr3t@db/shop"))
        .doesNotContain("s3cr3t");
  }
}
