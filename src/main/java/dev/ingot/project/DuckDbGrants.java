package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the packages of a project may read by their own database beside their files. */
public record DuckDbGrants(List<AttachedDatabase> attachedDatabases) implements ConnectionSettings {

  public static final DuckDbGrants NONE = new DuckDbGrants(List.of());

  /**
   * @throws Fault INVALID_CONNECTION when two have one name
   */
  public DuckDbGrants {
    attachedDatabases = List.copyOf(attachedDatabases);
    var names = new HashSet<String>();
    for (AttachedDatabase one : attachedDatabases) {
      if (!names.add(one.name().toLowerCase(Locale.ROOT))) {
        throw new Fault(
            FaultCode.INVALID_CONNECTION,
            "Two attached databases have the name '%s'; case doesn't matter in it"
                .formatted(one.name()));
      }
    }
  }

  /**
   * All that several connections are granted; those of other types grant nothing.
   *
   * @throws Fault INVALID_CONNECTION when two have one name
   */
  public static DuckDbGrants all(Stream<ConnectionSettings> settings) {
    return new DuckDbGrants(
        settings
            .filter(DuckDbGrants.class::isInstance)
            .flatMap(one -> ((DuckDbGrants) one).attachedDatabases().stream())
            .toList());
  }

  public Optional<AttachedDatabase> find(String name) {
    return attachedDatabases.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** Each package's own database, whatever it may read. */
  @Override
  public String identity() {
    return "package";
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return attachedDatabases.toString();
  }
}
