package dev.ingot.state.store;

import dev.ingot.idempotency.IdempotencyStore;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.ProjectStore;
import dev.ingot.project.Reserve;
import dev.ingot.project.ReserveSettings;
import dev.ingot.project.SecretBox;
import dev.ingot.project.SecretKeySettings;
import dev.ingot.state.file.OpenState;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** The stores on a real state file. */
public final class Fixture extends Stores implements AutoCloseable {

  public final Reserve reserve;
  public final OpenState state;
  public final ProjectStore projects;
  public final ConnectionStore connections;
  public final IdempotencyStore idempotency;

  public Fixture(Path home) {
    this(home, DataSize.ofBytes(0));
  }

  public Fixture(Path folder, DataSize reserveSize) {
    this(
        new Home(new HomeSettings(folder.toString(), List.of(folder.toString()))),
        new ReserveSettings(reserveSize));
  }

  private Fixture(Home home, ReserveSettings settings) {
    this(
        home,
        new Reserve(home, settings, (name, work) -> Thread.ofVirtual().start(work)),
        new SecretBox(new SecretKeySettings(null, null), home));
  }

  private Fixture(Home home, Reserve reserve, SecretBox secrets) {
    this(reserve, new OpenState(home, reserve, secrets), secrets);
  }

  private Fixture(Reserve reserve, OpenState state, SecretBox secrets) {
    super(state.local());
    this.reserve = reserve;
    this.state = state;
    var stored = new JdbcConnectionStore(state.local(), secrets);
    connections = stored;
    projects = new JdbcProjectStore(state.local(), secrets, stored);
    idempotency = new JdbcIdempotencyStore(state.local(), secrets);
  }

  @Override
  public void close() {
    state.close();
    reserve.destroy();
  }
}
