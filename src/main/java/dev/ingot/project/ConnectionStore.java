package dev.ingot.project;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Where connections are kept, their secrets encrypted. Every method is one transaction. */
public interface ConnectionStore {

  /** Those of a project, by their names. */
  List<ProjectConnection> of(ProjectName project);

  Optional<ProjectConnection> find(ConnectionKey key);

  /** False when the name is taken. */
  boolean insert(ProjectConnection connection);

  /** False when there is none. */
  boolean update(ProjectConnection connection);

  /** False when there is none. */
  boolean delete(ConnectionKey key);

  /** Calls the listener after each change of a connection, and when it goes with its project. */
  void onChange(Consumer<ConnectionKey> listener);
}
