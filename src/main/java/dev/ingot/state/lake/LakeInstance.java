package dev.ingot.state.lake;

import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.duckdb.DuckDbErrors;
import dev.ingot.engine.duckdb.DuckDbExtensions;
import dev.ingot.engine.duckdb.DuckDbSecret;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.threads.PlatformCalls;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A DuckDB in memory that has the DuckLake of a shared project attached as {@code lk}. No package's
 * SQL ever runs on it: who can query it can run anything on the catalog's PostgreSQL.
 *
 * <p>It attaches on the first use. The very first attach of all servers makes the catalog's tables;
 * whoever may be that one holds a lock meanwhile, because several at once fail. A connection that
 * was lost is made again by DuckDB itself.
 */
final class LakeInstance implements AutoCloseable {

  static final String LAKE = "lk";

  private static final int CALLS = 4;

  private static final Logger log = LoggerFactory.getLogger(LakeInstance.class);

  /** A PostgreSQL that says nothing is given up, instead of waited for. */
  private static final String PATIENCE =
      "connect_timeout=5 keepalives_idle=5 keepalives_interval=2 keepalives_count=2 tcp_user_timeout=9000";

  /** The loser of two overlapping transactions does its work again. */
  private static final RetryPolicy CONFLICTS =
      RetryPolicy.builder()
          .predicate(DuckDbErrors::conflict)
          .maxRetries(20)
          .delay(Duration.ofMillis(10))
          .jitter(Duration.ofMillis(10))
          .multiplier(1.5)
          .maxDelay(Duration.ofMillis(500))
          .build();

  private final MaterializationStorage storage;
  private final Optional<BucketAccess> access;
  private final DuckDbExtensions extensions;
  private final String sessions;
  private final RetryTemplate retries = new RetryTemplate(CONFLICTS);

  /** For virtual threads; idle ones end by themselves. */
  private final PlatformCalls calls = new PlatformCalls("lake", CALLS);

  private @Nullable DuckDBConnection attached;
  private boolean closed;

  LakeInstance(
      MaterializationStorage storage,
      Optional<BucketAccess> access,
      DuckDbExtensions extensions,
      String sessions) {
    this.storage = storage;
    this.access = access;
    this.extensions = extensions;
    this.sessions = sessions;
  }

  MaterializationStorage storage() {
    return storage;
  }

  /**
   * Attaches the lake, unless it is attached.
   *
   * @throws Fault CATALOG_UNAVAILABLE, STORAGE_REFUSED, EXTENSION_UNAVAILABLE
   */
  void attach() {
    calls.call(() -> {
      attachHere();
      return true;
    });
  }

  private synchronized void attachHere() {
    if (closed) {
      // Who comes late would attach it for good.
      throw unavailable("its project has let go of it");
    }
    if (attached == null) {
      attached = open();
    }
  }

  private DuckDBConnection open() {
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
      prepare(connection);
      attach(connection);
      return connection.unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      close(connection);
      throw unavailable("DuckDB doesn't open");
    } catch (RuntimeException e) {
      close(connection);
      throw e;
    }
  }

  private void prepare(Connection connection) throws SQLException {
    extensions.load(connection, "ducklake", "postgres_scanner");
    if (storage.data().isRemote()) {
      extensions.load(connection, "httpfs");
    }
    List<String> settings =
        List.of(
            "SET GLOBAL TimeZone='UTC'",
            "SET GLOBAL threads=1",
            "SET GLOBAL memory_limit='256MiB'",
            "SET GLOBAL temp_directory=''",
            "SET GLOBAL allow_persistent_secrets=false",
            "SET GLOBAL autoload_known_extensions=false",
            "SET GLOBAL autoinstall_known_extensions=false",
            "SET GLOBAL allow_community_extensions=false");
    try (Statement statement = connection.createStatement()) {
      for (String sql : settings) {
        statement.execute(sql);
      }
    }
    access.ifPresent(bucket -> DuckDbSecret.create(connection, storage.data(), bucket));
  }

  /** What DuckDB says of a failure here may have the password in it, so nobody hears it. */
  private void attach(Connection connection) {
    CatalogUrl catalog = storage.catalog();
    String secret =
        "CREATE SECRET ingot_catalog (TYPE postgres, HOST %s, PORT %d, DATABASE %s, USER %s, PASSWORD %s%s)"
            .formatted(
                literal(catalog.host()),
                catalog.port(),
                literal(catalog.database()),
                literal(catalog.user()),
                literal(catalog.password()),
                catalog.sslMode() == null ? "" : ", SSLMODE " + literal(catalog.sslMode()));
    String attach =
        """
        ATTACH 'ducklake:postgres:%s application_name=%s' AS lk (
          META_SECRET 'ingot_catalog', DATA_PATH %s,
          METADATA_SCHEMA 'ingot_lake', DATA_INLINING_ROW_LIMIT 100)
        """
            .formatted(PATIENCE, sessions, literal(storage.data().root() + "/"));
    try (Statement statement = connection.createStatement()) {
      statement.execute(secret);
      statement.execute(attach);
    } catch (SQLException e) {
      if (DuckDbErrors.otherDataPath(e)) {
        throw new Fault(
            FaultCode.STORAGE_REFUSED,
            "The catalog at %s has its tables in another folder than 'dataPath' says: give the one it was made with, or another database"
                .formatted(place()));
      }
      throw unavailable("it can't be attached");
    }
  }

  /** Work on the lake. */
  interface Work<T> {
    T on(JdbcClient client);
  }

  /**
   * One transaction, done again when another was faster.
   *
   * @throws Fault CATALOG_UNAVAILABLE
   */
  <T> T transact(Work<T> work) {
    return retried(lake -> lake.transact(work));
  }

  /** The same for what is its own transaction, statement by statement. */
  <T> T use(Work<T> work) {
    return retried(lake -> work.on(lake.client()));
  }

  private interface Attempt<T> {
    T on(LakeConnection lake) throws SQLException;
  }

  private <T> T retried(Attempt<T> attempt) {
    return calls.call(() -> retriedHere(attempt));
  }

  private <T> T retriedHere(Attempt<T> attempt) {
    try {
      return retries.execute(() -> {
        try (var lake = new LakeConnection(connection().duplicate())) {
          return attempt.on(lake);
        }
      });
    } catch (RetryException e) {
      throw failed(e.getCause());
    }
  }

  private synchronized DuckDBConnection connection() {
    PlatformCalls.requirePlatformThread();
    attachHere();
    if (attached == null) {
      throw new IllegalStateException("not attached");
    }
    return attached;
  }

  private RuntimeException failed(Throwable error) {
    if (DuckDbErrors.fatal(error)) {
      // It answers nothing any more; the next use attaches anew.
      detach();
    }
    return switch (error) {
      case SQLException e -> unavailable(detail(e));
      case DataAccessException e -> unavailable(detail(e));
      case RuntimeException e -> e;
      default -> new IllegalStateException(error);
    };
  }

  private static String detail(Throwable error) {
    return DuckDbErrors.aboutCatalog(error)
        ? "its PostgreSQL doesn't answer"
        : DuckDbErrors.firstLine(error);
  }

  private Fault unavailable(String why) {
    return new Fault(
        FaultCode.CATALOG_UNAVAILABLE,
        "The catalog at %s can't be used (%s): see that it runs and lets the user of 'catalogUrl' in, then try again"
            .formatted(place(), why));
  }

  private String place() {
    CatalogUrl catalog = storage.catalog();
    return "%s:%d/%s".formatted(catalog.host(), catalog.port(), catalog.database());
  }

  /** The next use attaches again. */
  private synchronized void detach() {
    close(attached);
    attached = null;
  }

  /** Detaches for good. */
  @Override
  public void close() {
    calls.call(() -> {
      closeHere();
      return true;
    });
  }

  private synchronized void closeHere() {
    closed = true;
    detach();
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      log.warn("A lake did not close cleanly: {}", DuckDbErrors.firstLine(e));
    }
  }
}
