package dev.ingot.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do in a project; each includes the ones before it. */
public enum Role {
  /** See packages, models, runs, plans and manifests. */
  READ(1),
  /** Ask queries. */
  QUERY(2),
  /** Create, start and stop runs, and say which version is served. */
  BUILD(3),
  /** Change the project, its packages and its connections. */
  ADMIN(4);

  private final int rank;

  Role(int rank) {
    this.rank = rank;
  }

  public boolean includes(Role other) {
    return rank >= other.rank;
  }

  /** As clients of the API name it, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }

  public static List<String> words() {
    return Arrays.stream(values()).map(Role::word).toList();
  }
}
