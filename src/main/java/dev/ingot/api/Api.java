package dev.ingot.api;

import dev.ingot.project.PackageKey;

/** Paths and small texts that the controllers share. */
final class Api {

  static final String BASE = "/api/v0";
  static final String PROJECT = BASE + "/projects/{projectName}";
  static final String PACKAGE = PROJECT + "/packages/{packageName}";
  static final String MODEL = PACKAGE + "/models/{path}";

  private Api() {}

  static String projectPath(String project) {
    return BASE + "/projects/" + project;
  }

  static String packagePath(PackageKey key) {
    return projectPath(key.project().value()) + "/packages/" + key.name();
  }
}
