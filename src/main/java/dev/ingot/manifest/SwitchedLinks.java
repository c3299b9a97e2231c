package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectService;
import org.springframework.stereotype.Component;

/**
 * Goes where a package's location leads when a link in it was set to another folder, as many do who
 * publish revisions. To what is served it is as if the files had changed in place: its texts and
 * tables stay until something else is served. To a plan it is a move: what was built over the other
 * folder is built again.
 *
 * <p>That takes the package's turn, so that no run builds one half from here and one from there.
 */
@Component
class SwitchedLinks {

  private final ProjectService projects;
  private final PackageContents contents;
  private final PackageTurns turns;
  private final PackageSlots slots;

  SwitchedLinks(
      ProjectService projects, PackageContents contents, PackageTurns turns, PackageSlots slots) {
    this.projects = projects;
    this.contents = contents;
    this.turns = turns;
    this.slots = slots;
  }

  /**
   * To be called before the folder is read, holding nothing but the package's turn.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_NOT_FOUND, INVALID_LOCATION and INVALID_PACKAGE for what
   *     lies there, PACKAGE_BUSY beside a run or when a query doesn't end; nothing is changed then
   */
  void follow(PackageKey key) {
    if (isSwitched(key)) {
      var _ = turns.takeSoon(key, this::follow);
    }
  }

  /** The same without waiting for a run, which has followed it itself. */
  void followUnlessBusy(PackageKey key) {
    if (isSwitched(key)) {
      var _ = turns.takeIfFree(key, this::follow);
    }
  }

  private boolean isSwitched(PackageKey key) {
    PackageRegistration known = projects.find(key);
    return !projects.followed(known).equals(known);
  }

  /** The same for who has the turn. */
  PackageKey follow(Turn turn) {
    PackageKey key = turn.key();
    PackageRegistration known = projects.find(key);
    PackageRegistration followed = projects.followed(known);
    if (followed.equals(known)) {
      return key;
    }
    // Without a lock and before anybody has to wait; under a load that never ends they have to.
    var _ = contents.awaitIdle(key);
    PackageSlot slot = slots.of(key);
    return slot.load(() ->
        slot.move(() -> {
          contents.readFrom(followed);
          projects.storeFollowed(followed);
          return key;
        }));
  }
}
