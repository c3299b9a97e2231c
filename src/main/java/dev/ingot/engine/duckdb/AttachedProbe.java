package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.elsewhere.Place;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.ConnectionProbe;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.threads.PlatformCalls;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Tries what DuckDB may read elsewhere, with an instance that is closed right after. */
@Component
class AttachedProbe implements ConnectionProbe, DisposableBean {

  /** For what is tried when the server ends, as it writes into the home. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final PlatformCalls calls = new PlatformCalls("duckdb-probe", 2);
  private final Grants.Environment environment;

  AttachedProbe(Grants.Environment environment) {
    this.environment = environment;
  }

  @Override
  public boolean tries(ConnectionSettings settings) {
    return settings instanceof DuckDbGrants;
  }

  /** The first that can't be had. */
  @Override
  public Optional<String> failure(ConnectionSettings settings) {
    return calls.call(() -> failure((DuckDbGrants) settings));
  }

  private Optional<String> failure(DuckDbGrants granted) {
    try (var grants = new Grants(granted, environment, missing -> {});
        Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      grants.prepare(connection, Set.of());
      return firstMissing(grants);
    } catch (SQLException e) {
      return Optional.of(DuckDbErrors.text(e));
    }
  }

  @Override
  public void destroy() {
    calls.close(PATIENCE);
  }

  private static Optional<String> firstMissing(Grants grants) {
    for (AttachedDatabase one : grants.all()) {
      Optional<String> why = grants.refusal(one).or(() -> unanswered(one));
      if (why.isPresent()) {
        return Optional.of("%s: %s".formatted(one, why.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> unanswered(AttachedDatabase one) {
    String prefix = one.prefix();
    if (prefix == null) {
      return Optional.empty();
    }
    try (Place place = Place.of(one)) {
      place.look(prefix);
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e.detail());
    }
  }
}
