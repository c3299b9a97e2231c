package dev.ingot.state.catalog;

import dev.ingot.materialization.Claim;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlState;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.VersionEntries;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A place of state whose server does something between the last statement of a change and its
 * commit.
 *
 * @param beforeCommit for each attempt
 */
record StandingState(ControlState state, Runnable beforeCommit) implements ControlState {

  @Override
  public <T> T locked(PackageKey key, Function<PackageLock, T> work) {
    return state.locked(
        key,
        lock -> {
          T done = work.apply(lock);
          beforeCommit.run();
          return done;
        });
  }

  @Override
  public <T> T read(Function<Session, T> work) {
    return state.read(work);
  }

  @Override
  public <T> T write(Function<Session, T> work) {
    return state.write(work);
  }

  @Override
  public Claim claim(PackageKey key, String id, Function<PackageLock, Claim> work) {
    return state.claim(key, id, work);
  }

  @Override
  public <T> T settled(Supplier<T> attempt, Supplier<Optional<T>> outcome) {
    return state.settled(attempt, outcome);
  }

  @Override
  public VersionEntries entries() {
    return state.entries();
  }
}
