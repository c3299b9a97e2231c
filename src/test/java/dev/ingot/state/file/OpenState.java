package dev.ingot.state.file;

import dev.ingot.project.Home;
import dev.ingot.project.Reserve;
import dev.ingot.project.SecretBox;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A real state file that is open. */
public final class OpenState implements AutoCloseable {

  private final StateDatabase database;
  private final LocalState local;

  public OpenState(Home home, Reserve reserve, SecretBox secrets) {
    database = new StateDatabase(home, reserve, secrets);
    local = new LocalState(database);
  }

  public LocalState local() {
    return local;
  }

  /** The same for somebody who remembers nothing that was read before. */
  public LocalState forgetful() {
    return new LocalState(database);
  }

  public JdbcClient client() {
    return database.client();
  }

  public void change(Runnable work) {
    database.change(client -> work.run());
  }

  @Override
  public void close() {
    database.destroy();
  }
}
