package dev.ingot.engine.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.ingot.project.Certificates;
import dev.ingot.project.PostgresSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes sessions on a server from typed settings: no text of a request becomes a URL. */
final class PostgresServer {

  /** Of connecting and of logging in, unless the connection's own properties say otherwise. */
  private static final int SECONDS = 5;

  /** A stop waits for it. */
  private static final int CANCEL_SECONDS = 1;

  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(1);

  /** Of what the driver holds at once for one query, however wide its rows are. */
  private static final String BUFFER = "96M";

  /** Of the first piece; the driver then takes as many as fit, by the widest that it has seen. */
  private static final int FIRST_ROWS = 16;

  /** Rows may become wider: so many of 750 KB still fit. */
  private static final int MOST_ROWS = 128;

  private final PostgresSettings settings;
  private final Certificates certificates;

  PostgresServer(PostgresSettings settings, Certificates certificates) {
    this.settings = settings;
    this.certificates = certificates;
  }

  /** One that connects for each borrower. */
  PGSimpleDataSource sessions(String application) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {settings.host()});
    source.setPortNumbers(new int[] {settings.port()});
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setApplicationName(application);
    source.setConnectTimeout(SECONDS);
    source.setLoginTimeout(SECONDS);
    source.setCancelSignalTimeout(CANCEL_SECONDS);
    source.setTcpKeepAlive(true);
    // Values are read as text: the driver's own types for dates and times lose what is old or far.
    source.setBinaryTransfer(false);
    source.setProperty(PGProperty.MAX_RESULT_BUFFER, BUFFER);
    source.setAdaptiveFetch(true);
    source.setAdaptiveFetchMaximum(MOST_ROWS);
    source.setDefaultRowFetchSize(FIRST_ROWS);
    source.setProperty(PGProperty.GSS_ENC_MODE, "disable");
    if (settings.sslMode() != null) {
      source.setSslmode(settings.sslMode());
    }
    if (settings.rootCertificate() != null) {
      source.setSslrootcert(certificates.file(settings.rootCertificate()).toString());
    }
    settings.sortedProperties().forEach((name, value) -> set(source, name, value));
    return source;
  }

  private static void set(PGSimpleDataSource source, String name, String value) {
    try {
      source.setProperty(name, value);
    } catch (SQLException e) {
      throw new IllegalStateException("the driver has no property " + name, e);
    }
  }

  /**
   * A pool that connects when it is needed, and lets go of what is idle.
   *
   * @param most sessions at once
   * @param meters where it takes down how it is used
   */
  HikariDataSource pool(String name, String application, int most, MeterRegistry meters) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setMetricRegistry(meters);
    config.setDataSource(sessions(application));
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(WAIT.toMillis());
    // Whether the database answers is found out by whoever needs it.
    config.setInitializationFailTimeout(-1);
    config.setExceptionOverride(new KeepSession());
    return new HikariDataSource(config);
  }

  /** What isn't supported says nothing of the session that was asked for it. */
  private static final class KeepSession implements SQLExceptionOverride {
    @java.lang.Override
    public Override adjudicate(SQLException e) {
      return "0A000".equals(e.getSQLState()) ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
    }
  }
}
