package dev.ingot.state.catalog;

import dev.ingot.materialization.Claim;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlHome;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.Tenure;
import dev.ingot.state.VersionEntries;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A home whose server does something between the last statement of a change and its commit.
 *
 * @param beforeCommit for each attempt
 */
record StandingHome(ControlHome home, Runnable beforeCommit) implements ControlHome {

  @Override
  public <T> T alone(PackageKey key, Supplier<T> work) {
    return home.alone(
        key,
        () -> {
          T done = work.get();
          beforeCommit.run();
          return done;
        });
  }

  @Override
  public JdbcClient client() {
    return home.client();
  }

  @Override
  public <T> T write(Supplier<T> work) {
    return home.write(work);
  }

  @Override
  public Claim claim(PackageKey key, String id, Supplier<Claim> work) {
    return home.claim(key, id, work);
  }

  @Override
  public <T> T settled(Supplier<T> attempt, Supplier<Optional<T>> outcome) {
    return home.settled(attempt, outcome);
  }

  @Override
  public VersionEntries entries() {
    return home.entries();
  }

  @Override
  public Tenure tenure() {
    return home.tenure();
  }

  @Override
  public String served() {
    return home.served();
  }

  @Override
  public void tell(SharedEvent event) {
    home.tell(event);
  }
}
