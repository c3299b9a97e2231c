package dev.ingot.state.store;

import dev.ingot.fault.StartupFailure;
import dev.ingot.idempotency.Begun;
import dev.ingot.idempotency.IdempotencyStore;
import dev.ingot.idempotency.KeptAnswer;
import dev.ingot.project.SecretBox;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import dev.ingot.state.file.LocalState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Repository;

/**
 * Keys in the state file. Fingerprints and answers are encrypted: a hash of a body lets a password
 * in it be guessed, and an answer may be the only one that a secret is ever in.
 */
@Repository
class JdbcIdempotencyStore implements IdempotencyStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcIdempotencyStore.class);

  private final LocalState state;
  private final SecretBox secrets;

  JdbcIdempotencyStore(LocalState state, SecretBox secrets) {
    this.state = state;
    this.secrets = secrets;
  }

  /**
   * @param answer null while there is none
   */
  private record Known(String operation, String fingerprint, @Nullable String answer) {}

  @Override
  public Begun begin(String scope, String fingerprint, Instant now, Instant oldest) {
    String sealed = secrets.seal(fingerprint, scope);
    return state.write(session -> {
      Optional<Known> known = find(session, scope, oldest);
      return known
          .map(it -> known(scope, fingerprint, it))
          .orElseGet(() -> insert(session, scope, sealed, now));
    });
  }

  private Begun known(String scope, String fingerprint, Known known) {
    if (!known.fingerprint().equals(fingerprint)) {
      return new Begun.Reused();
    }
    return known.answer() == null
        ? new Begun.Mine(scope, known.operation(), true)
        : new Begun.Answered(Columns.value(known.answer(), KeptAnswer.class));
  }

  private Optional<Known> find(Session session, String scope, Instant oldest) {
    return session
        .sql("SELECT * FROM idempotency WHERE scope = ? AND created_at >= ?")
        .param(scope)
        .param(Columns.time(oldest))
        .query((row, n) -> known(scope, row))
        .optional()
        .flatMap(it -> it);
  }

  private Optional<Known> known(String scope, ResultSet row) throws SQLException {
    String answer = row.getString("answer");
    try {
      return Optional.of(
          new Known(
              row.getString("operation"),
              secrets.open(row.getString("fingerprint"), scope),
              answer == null ? null : secrets.open(answer, scope)));
    } catch (StartupFailure e) {
      log.warn("What is known of an Idempotency-Key can't be decrypted, and is forgotten");
      log.debug("Why", e);
      return Optional.empty();
    }
  }

  /** Also over one that is too old. */
  private static Begun insert(Session session, String scope, String fingerprint, Instant now) {
    String sql =
        """
        INSERT INTO idempotency (scope, operation, fingerprint, answer, created_at)
        VALUES (?, ?, ?, NULL, ?)
        ON CONFLICT (scope) DO UPDATE SET operation = excluded.operation,
          fingerprint = excluded.fingerprint, answer = NULL, created_at = excluded.created_at
        """;
    String operation = UUID.randomUUID().toString();
    session
        .sql(sql)
        .param(scope)
        .param(operation)
        .param(fingerprint)
        .param(Columns.time(now))
        .update();
    return new Begun.Mine(scope, operation, false);
  }

  @Override
  public void answer(String scope, KeptAnswer answer) {
    String sealed = secrets.seal(Columns.json(answer), scope);
    state.change(session ->
        session
            .sql("UPDATE idempotency SET answer = ? WHERE scope = ?")
            .param(sealed)
            .param(scope)
            .update());
  }

  @Override
  public void forget(Instant oldest) {
    state.change(session ->
        session
            .sql("DELETE FROM idempotency WHERE created_at < ?")
            .param(Columns.time(oldest))
            .update());
  }
}
