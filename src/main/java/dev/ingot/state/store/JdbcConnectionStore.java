package dev.ingot.state.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.SecretBox;
import dev.ingot.state.Session;
import dev.ingot.state.file.LocalState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.stereotype.Repository;

/** Connections in the state file. */
@Repository
class JdbcConnectionStore implements ConnectionStore {

  private static final int MOST = 10_000;

  private final LocalState state;
  private final ConnectionRows rows;

  /** Each query's package asks; what is kept here is what is on record. */
  private final Cache<ProjectName, List<ProjectConnection>> known =
      Caffeine.newBuilder().maximumSize(MOST).build();

  private final List<Consumer<ConnectionKey>> changed = new CopyOnWriteArrayList<>();

  JdbcConnectionStore(LocalState state, SecretBox secrets) {
    this.state = state;
    rows = new ConnectionRows(secrets);
  }

  @Override
  public List<ProjectConnection> of(ProjectName project) {
    return known.get(project, name -> state.read(session -> rows.of(session, name)));
  }

  @Override
  public Optional<ProjectConnection> find(ConnectionKey key) {
    return of(key.project()).stream().filter(one -> one.key().equals(key)).findFirst();
  }

  @Override
  public boolean insert(ProjectConnection connection) {
    return change(connection.key(), session -> rows.insert(session, connection));
  }

  @Override
  public boolean update(ProjectConnection connection) {
    return change(connection.key(), session -> rows.update(session, connection));
  }

  @Override
  public boolean delete(ConnectionKey key) {
    return change(key, session -> ConnectionRows.remove(session, key));
  }

  private boolean change(ConnectionKey key, Function<Session, Boolean> work) {
    boolean changes = changing(key.project(), () -> state.write(work));
    if (changes) {
      tell(List.of(key));
    }
    return changes;
  }

  /**
   * Makes a change of a project's connections. What is kept of them goes also when it fails: a
   * commit without an answer may have been done.
   */
  <T> T changing(ProjectName project, Supplier<T> change) {
    try {
      return change.get();
    } finally {
      known.invalidate(project);
    }
  }

  void tell(List<ConnectionKey> keys) {
    keys.forEach(key -> changed.forEach(listener -> listener.accept(key)));
  }

  @Override
  public void onChange(Consumer<ConnectionKey> listener) {
    changed.add(listener);
  }
}
