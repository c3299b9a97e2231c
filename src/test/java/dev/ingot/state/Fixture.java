package dev.ingot.state;

import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.Reserve;
import dev.ingot.project.ReserveSettings;
import dev.ingot.project.SecretBox;
import dev.ingot.project.SecretKeySettings;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.unit.DataSize;

/** The stores on a real state file. */
final class Fixture extends Stores implements AutoCloseable {

  final Reserve reserve;
  final StateDatabase state;
  final JdbcProjectStore projects;

  Fixture(Path home) {
    this(home, DataSize.ofBytes(0));
  }

  Fixture(Path folder, DataSize reserveSize) {
    this(
        new Home(new HomeSettings(folder.toString(), List.of(folder.toString()))),
        new ReserveSettings(reserveSize));
  }

  private Fixture(Home home, ReserveSettings settings) {
    this(home, new Reserve(home, settings), new SecretBox(new SecretKeySettings(null, null), home));
  }

  private Fixture(Home home, Reserve reserve, SecretBox secrets) {
    this(reserve, new StateDatabase(home, reserve, secrets), secrets);
  }

  private Fixture(Reserve reserve, StateDatabase state, SecretBox secrets) {
    this(reserve, state, new LocalHome(state), secrets);
  }

  private Fixture(Reserve reserve, StateDatabase state, LocalHome home, SecretBox secrets) {
    super(home);
    this.reserve = reserve;
    this.state = state;
    projects = new JdbcProjectStore(home, secrets);
  }

  @Override
  public void close() {
    state.destroy();
    reserve.destroy();
  }
}
