package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;
import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.elsewhere.Destination;
import dev.ingot.engine.elsewhere.PrivateHosts;
import dev.ingot.engine.elsewhere.WayOut;
import dev.ingot.fault.Fault;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.Certificates;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PostgresSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What the project's packages may read elsewhere, as one open database has it. What can't be had
 * now takes nothing else with it: whoever reads it is told why.
 */
final class Grants implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Grants.class);

  /** Of an answer over HTTP; it can't be interrupted meanwhile. */
  private static final int HTTP_SECONDS = 5;

  private static final int CONNECT_SECONDS = 2;

  private final DuckDbGrants granted;
  private final Environment environment;

  /** By the name of what can't be had, the reason. */
  private final Map<String, String> refused = new ConcurrentHashMap<>();

  private final Consumer<Grants> whenMissing;
  private final AtomicBoolean awaited = new AtomicBoolean();

  /** Of the database that has them, what its packages may not name. */
  private volatile AllowedCalls.Refused refusedNames = AllowedCalls.Refused.NOTHING;

  /** Null while it goes nowhere over HTTP. */
  private volatile WayOut.@Nullable Pass pass;

  /** What it takes to be granted something on this server. */
  @Component
  record Environment(
      DuckDbExtensions extensions,
      PrivateHosts privateHosts,
      Certificates certificates,
      WayOut wayOut) {}

  /**
   * @param whenMissing told when a database is opened without all of it, once
   */
  Grants(DuckDbGrants granted, Environment environment, Consumer<Grants> whenMissing) {
    this.granted = granted;
    this.environment = environment;
    this.whenMissing = whenMissing;
  }

  DuckDbGrants granted() {
    return granted;
  }

  List<AttachedDatabase> all() {
    return granted.attachedDatabases();
  }

  boolean isEmpty() {
    return all().isEmpty();
  }

  /** Those that couldn't be had when the database was opened. */
  List<AttachedDatabase> missing() {
    return all().stream().filter(one -> refused.containsKey(one.name())).toList();
  }

  private List<AttachedDatabase> had() {
    return all().stream().filter(one -> !refused.containsKey(one.name())).toList();
  }

  /**
   * Before the connection is hardened: afterwards nothing can be loaded.
   *
   * @param own what the database reaches besides
   */
  void prepare(Connection connection, Set<Destination> own) throws SQLException {
    load(connection);
    try (Statement statement = connection.createStatement()) {
      // Before anything is attached: afterwards DuckDB asks all databases what they have.
      refusedNames = AllowedCalls.refusedOf(statement);
    }
    attach(connection, own);
  }

  private void load(Connection connection) throws SQLException {
    refused.clear();
    close();
    if (isEmpty()) {
      return;
    }
    DuckDbSecret.keepInMemory(connection);
    needed(one -> one.prefix() != null && one.azure() == null, () -> prepareHttp(connection));
    needed(one -> one.azure() != null, () -> prepareAzure(connection));
    needed(
        one -> one.postgres() != null,
        () -> environment.extensions().load(connection, "postgres_scanner"));
  }

  private void attach(Connection connection, Set<Destination> own) throws SQLException {
    if (isEmpty()) {
      return;
    }
    for (AttachedDatabase one : had()) {
      objection(one).ifPresent(why -> refuse(one, why));
    }
    sendOut(connection, own);
    for (AttachedDatabase one : had()) {
      attempt(one::equals, () -> grant(connection, one));
    }
    if (!refused.isEmpty() && awaited.compareAndSet(false, true)) {
      whenMissing.accept(this);
    }
  }

  AllowedCalls.Refused refusedNames() {
    return refusedNames;
  }

  private void needed(Predicate<AttachedDatabase> whose, Step step) {
    if (all().stream().anyMatch(whose)) {
      attempt(whose, step);
    }
  }

  private interface Step {
    void take() throws SQLException;
  }

  /**
   * @param whose what is refused when the step fails
   */
  private void attempt(Predicate<AttachedDatabase> whose, Step step) {
    try {
      step.take();
    } catch (Fault e) {
      all().stream().filter(whose).forEach(one -> refuse(one, e.detail()));
    } catch (SQLException e) {
      all().stream().filter(whose).forEach(one -> refuse(one, DuckDbErrors.notAttached(e)));
    }
  }

  private void refuse(AttachedDatabase one, String why) {
    log.warn("{} can't be read now: {}", one, why);
    refused.put(one.name(), why);
  }

  private void prepareHttp(Connection connection) throws SQLException {
    environment.extensions().load(connection, "httpfs");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL http_timeout=" + HTTP_SECONDS);
      statement.execute("SET GLOBAL http_retries=1");
      // Otherwise the server's own access to its cloud would be anybody's.
      statement.execute("SET GLOBAL enable_global_s3_configuration=false");
    }
  }

  private void prepareAzure(Connection connection) throws SQLException {
    environment.extensions().load(connection, "azure");
    try (Statement statement = connection.createStatement()) {
      // The one that goes by a proxy.
      statement.execute("SET GLOBAL azure_transport_option_type='curl'");
    }
  }

  private void sendOut(Connection connection, Set<Destination> own) throws SQLException {
    var destinations = new HashSet<>(own);
    had().forEach(one -> destinations.addAll(Destination.of(one)));
    if (destinations.isEmpty()) {
      return;
    }
    WayOut.Pass given = environment.wayOut().give(destinations);
    pass = given;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL http_proxy=" + literal(given.proxy()));
      statement.execute("SET GLOBAL http_proxy_username=" + literal(given.user()));
      statement.execute("SET GLOBAL http_proxy_password=" + literal(given.secret()));
    }
  }

  /** Lets the database go nowhere any more. */
  @Override
  public void close() {
    WayOut.Pass given = pass;
    if (given != null) {
      environment.wayOut().takeBack(given);
      pass = null;
    }
  }

  private void grant(Connection connection, AttachedDatabase one) throws SQLException {
    String prefix = String.valueOf(one.prefix());
    BucketAccess bucket = one.bucket();
    if (bucket != null) {
      DuckDbSecret.ofBucket(prefix, bucket).create(connection, secret(one.name()));
    }
    AzureAccess azure = one.azure();
    WayOut.Pass way = pass;
    if (azure != null && way != null) {
      DuckDbSecret.ofAzure(prefix, azure, way).create(connection, secret(one.name()));
    }
    PostgresSettings postgres = one.postgres();
    if (postgres != null) {
      attach(connection, one, postgres);
    }
  }

  private static String secret(String name) {
    return "ingot_attached_" + name.toLowerCase(Locale.ROOT);
  }

  private void attach(Connection connection, AttachedDatabase one, PostgresSettings postgres)
      throws SQLException {
    DuckDbSecret.ofPostgres(postgres).create(connection, secret(one.name()));
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ATTACH %s AS %s (TYPE postgres, SECRET %s, READ_ONLY)"
              .formatted(literal(options(postgres)), quote(one.name()), quote(secret(one.name()))));
    }
  }

  /** In the words of PostgreSQL's own library. */
  private String options(PostgresSettings postgres) {
    var options =
        new StringBuilder(
            "connect_timeout=%d application_name=ingot keepalives=1".formatted(CONNECT_SECONDS));
    if (postgres.sslMode() != null) {
      options.append(" sslmode=").append(postgres.sslMode());
    }
    if (postgres.rootCertificate() != null) {
      options
          .append(" sslrootcert='")
          .append(environment.certificates().file(postgres.rootCertificate()))
          .append('\'');
    }
    return options.toString();
  }

  /** The folders elsewhere that may be read. */
  List<String> directories() {
    return had().stream()
        .filter(one -> one.prefix() != null)
        .map(one -> String.valueOf(one.prefix()))
        .toList();
  }

  /** What grants this URL, if anything does; as for DuckDB, what says most of it. */
  Optional<AttachedDatabase> of(String url) {
    return all().stream()
        .filter(one -> one.prefix() != null && url.startsWith(one.prefix()))
        .max(Comparator.comparingInt(one -> String.valueOf(one.prefix()).length()));
  }

  /** Why it may not be reached now, if it may not: a name may have another address than before. */
  Optional<String> objection(AttachedDatabase one) {
    return environment.privateHosts().objection(one);
  }

  /** Whether any other database is attached. */
  boolean attaches() {
    return all().stream().anyMatch(one -> one.postgres() != null);
  }

  /** The attached database of this name; DuckDB doesn't look at case. */
  Optional<AttachedDatabase> database(String name) {
    return all().stream()
        .filter(one -> one.postgres() != null && one.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Why it can't be had, if it can't. */
  Optional<String> refusal(AttachedDatabase one) {
    return Optional.ofNullable(refused.get(one.name()));
  }
}
