package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.UnreachableException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What PostgreSQL's errors mean, by their states: its words are in the server's language. */
final class PostgresErrors {

  private static final String FORBIDDEN = "42501";
  private static final String NO_DATABASE = "3D000";
  private static final String NO_TABLE = "42P01";
  private static final String LOCKED = "55P03";
  private static final String DEPENDED_ON = "2BP01";
  private static final String OTHER_COLUMNS = "42P16";

  private PostgresErrors() {}

  /**
   * @param where whose database it is
   */
  static EngineException of(String where, SQLException e) {
    if (isTooWide(e)) {
      return new EngineException(
          "A row is wider than what is read at once; select less of it: " + said(e), e);
    }
    return isUnreachable(e)
        ? new UnreachableException("%s can't be used: %s".formatted(where, reason(e)), e)
        : new EngineException(said(e), e);
  }

  /** Whether it is the database that doesn't answer, and not the statement that is wrong. */
  static boolean isUnreachable(SQLException e) {
    String state = state(e);
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("28")
        || state.startsWith("57P")
        || state.equals("53300")
        || state.equals(NO_DATABASE);
  }

  /** The driver gives up the connection then, and has no state of its own for it. */
  private static boolean isTooWide(SQLException e) {
    return said(e).contains("maxResultBuffer");
  }

  /** Whether somebody else has it locked. */
  static boolean isLocked(SQLException e) {
    return state(e).equals(LOCKED);
  }

  /** Whether something that stays is made of it. */
  static boolean isDependedOn(SQLException e) {
    return state(e).equals(DEPENDED_ON);
  }

  /** Whether a view can't be replaced by one with these columns. */
  static boolean hasOtherColumns(SQLException e) {
    return state(e).equals(OTHER_COLUMNS);
  }

  /** Whether it is about one view: another one may change all the same. */
  static boolean isOfOneView(SQLException e) {
    return !isUnreachable(e) && !isLocked(e) && !state(e).equals(NO_TABLE);
  }

  /** What the database said, in one sentence and with what it adds. */
  static String said(SQLException e) {
    ServerErrorMessage server =
        cause(e, PSQLException.class).map(PSQLException::getServerErrorMessage).orElse(null);
    if (server == null) {
      return String.valueOf(e.getMessage());
    }
    var said = new StringBuilder(String.valueOf(server.getMessage()));
    append(said, server.getDetail());
    append(said, server.getHint());
    return said.toString();
  }

  private static void append(StringBuilder said, @Nullable String more) {
    if (more != null) {
      said.append(". ").append(more);
    }
  }

  /** A pool that waited in vain has a state of its own, or the reason as its cause. */
  private static String state(SQLException e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof PSQLException found && found.getSQLState() != null) {
        return found.getSQLState();
      }
    }
    return "";
  }

  /** Why it can't be reached or used, in plain words and without what was sent. */
  static String reason(SQLException e) {
    if (cause(e, UnknownHostException.class).isPresent()) {
      return "its host's name isn't known";
    }
    if (cause(e, CertPathBuilderException.class).isPresent()) {
      return "its certificate isn't signed by a root certificate of the connection (TLS)";
    }
    if (cause(e, SSLException.class).isPresent()) {
      return "the encrypted connection is refused (TLS): "
          + cause(e, SSLException.class).map(Throwable::getMessage).orElse("");
    }
    if (cause(e, SocketTimeoutException.class).isPresent()) {
      return "it doesn't answer in time";
    }
    if (cause(e, ConnectException.class).isPresent()) {
      return "the connection is refused: nothing listens at its host and port";
    }
    return byState(e);
  }

  private static String byState(SQLException e) {
    String state = state(e);
    return switch (state) {
      case "" -> "no session became free in time";
      case "28000", "28P01" -> "it refuses this user or password";
      case NO_DATABASE -> "its server has no such database";
      case FORBIDDEN -> "its user may not do that: " + said(e);
      case "53300" -> "its server has no connection left";
      case "57P01", "57P02", "57P03" -> "its server starts or stops just now";
      default ->
          state.startsWith("08") ? "the connection was lost or not made: " + said(e) : said(e);
    };
  }

  private static <T extends Throwable> Optional<T> cause(Throwable error, Class<T> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
    }
    return Optional.empty();
  }
}
