package dev.ingot.state.file;

import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlState;
import dev.ingot.state.KnownEntries;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.Tenure;
import dev.ingot.state.VersionEntries;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The state file: this server is alone, and its writes take turns anyway. */
@Component
public final class LocalState implements ControlState {

  /** What this process serves is held back by the janitor itself. */
  private static final String NONE = "SELECT CAST(NULL AS bigint) WHERE false";

  private final StateDatabase state;
  private final VersionEntries entries;

  LocalState(StateDatabase state) {
    this.state = state;
    entries = new KnownEntries(new StateEntries(state));
  }

  private static Session session(JdbcClient client) {
    return new Session(client, Tenure.FOR_GOOD, NONE);
  }

  @Override
  public <T> T read(Function<Session, T> work) {
    return state.read(client -> work.apply(session(client)));
  }

  @Override
  public <T> T write(Function<Session, T> work) {
    return state.write(client -> work.apply(session(client)));
  }

  @Override
  public <T> T locked(PackageKey key, Function<PackageLock, T> work) {
    // There is nobody else to be told anything.
    return write(session -> work.apply(new PackageLock(key, session, event -> {})));
  }

  @Override
  public VersionEntries entries() {
    return entries;
  }
}
