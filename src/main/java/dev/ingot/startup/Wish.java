package dev.ingot.startup;

import java.util.List;

/**
 * Something that is to be there.
 *
 * @param what it is, for people
 * @param place where it is said
 * @param work makes it, or changes what differs
 */
record Wish(String what, String place, Runnable work) {

  static Wish ofConnection(String project, String name, String place, Runnable work) {
    return new Wish("Connection '%s' of project '%s'".formatted(name, project), place, work);
  }

  static Wish ofPackage(String project, String name, String place, Runnable work) {
    return new Wish("Package '%s' of project '%s'".formatted(name, project), place, work);
  }

  /**
   * A project with what is to be in it.
   *
   * @param contents in the order in which they are made
   * @param mend how to go on when one can't be made
   */
  record OfProject(String name, Wish project, List<Wish> contents, String mend) {
    OfProject {
      contents = List.copyOf(contents);
    }
  }
}
