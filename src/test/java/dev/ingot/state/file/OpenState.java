package dev.ingot.state.file;

import dev.ingot.project.Home;
import dev.ingot.project.Reserve;
import dev.ingot.project.SecretBox;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real state file that is open. */
public final class OpenState implements AutoCloseable {

  private final StateDatabase database;
  private final LocalHome home;

  public OpenState(Home home, Reserve reserve, SecretBox secrets) {
    database = new StateDatabase(home, reserve, secrets);
    this.home = new LocalHome(database);
  }

  public LocalHome home() {
    return home;
  }

  /** The same for somebody who remembers nothing that was read before. */
  public LocalHome forgetful() {
    return new LocalHome(database);
  }

  public JdbcClient client() {
    return database.client();
  }

  public void change(Runnable work) {
    database.change(work);
  }

  @Override
  public void close() {
    database.destroy();
  }
}
