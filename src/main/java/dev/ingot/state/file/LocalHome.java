package dev.ingot.state.file;

import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlHome;
import dev.ingot.state.KnownEntries;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.Tenure;
import dev.ingot.state.VersionEntries;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The state file: this server is alone, and its writes take turns anyway. */
@Component
public final class LocalHome implements ControlHome {

  private final StateDatabase state;
  private final VersionEntries entries;

  LocalHome(StateDatabase state) {
    this.state = state;
    entries = new KnownEntries(new StateEntries(state));
  }

  @Override
  public JdbcClient client() {
    return state.client();
  }

  @Override
  public <T> T write(Supplier<T> work) {
    return state.write(work);
  }

  @Override
  public <T> T alone(PackageKey key, Supplier<T> work) {
    return state.write(work);
  }

  @Override
  public VersionEntries entries() {
    return entries;
  }

  @Override
  public Tenure tenure() {
    return Tenure.FOR_GOOD;
  }

  @Override
  public String served() {
    // What this process serves is held back by the janitor itself.
    return "SELECT CAST(NULL AS bigint) WHERE false";
  }

  @Override
  public void tell(SharedEvent event) {
    // There is nobody else.
  }
}
