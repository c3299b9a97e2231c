package dev.ingot.project;

import java.util.Optional;

/**
 * Which revision of a registration is on record: another one after each change of something that a
 * client can set. They are made up, so nothing that was set can be guessed from one.
 */
public interface Revisions {

  /** Of a project, its packages and its connections together; empty when there is none. */
  Optional<String> of(ProjectName project);

  /** Empty when there is none. */
  Optional<String> of(PackageKey key);

  /** Empty when there is none. */
  Optional<String> of(ConnectionKey key);
}
