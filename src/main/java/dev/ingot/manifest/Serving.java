package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Puts a package in the place of the one that was served.
 *
 * <ol>
 *   <li>The other servers of a shared project are told before it answers a query, so that none of
 *       them drops what that reads.
 *   <li>The swap, behind the gate.
 *   <li>The others are told again when what was served before is still read.
 *   <li>The compiler forgets a content that nobody needs any more.
 * </ol>
 *
 * <p>Whoever calls it has the package's loading lock, so what is told last is true.
 */
@Component
class Serving {

  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private final SharedManifests shared;
  private final PackageContents contents;

  Serving(SharedManifests shared, PackageContents contents) {
    this.shared = shared;
    this.contents = contents;
  }

  /**
   * To be asked before anything is read that is going to be served; see {@link SharedManifests}.
   */
  long absences(PackageKey key) {
    return shared.absences(key);
  }

  /**
   * @param absences before it was read
   */
  ServedPackage serve(PackageSlot slot, long absences, ServedPackage next) {
    tell(slot, next);
    slot.readAt(absences);
    release(slot, slot.gate().serve(next));
    tell(slot, next);
    return next;
  }

  /** The same with what was announced, unless {@link #seen} was faster. */
  void serveAnnounced(PackageSlot slot, long absences, Cause by, ServedPackage next) {
    tell(slot, next);
    slot.readAt(absences);
    release(slot, slot.gate().finish(by));
    tell(slot, next);
  }

  /** Serves what was announced in the stead of who has published it, without the lock. */
  void seen(PackageSlot slot, Cause published) {
    release(slot, slot.gate().finish(published));
  }

  /** The same for who has seen the version on record. */
  void seen(PackageSlot slot, ManifestVersion published) {
    release(slot, slot.gate().finish(published));
  }

  private void release(PackageSlot slot, Optional<ServedPackage> before) {
    before
        .map(ServedPackage::content)
        .filter(content -> slot.served().filter(now -> now.content() == content).isEmpty())
        .ifPresent(contents::release);
  }

  private void tell(PackageSlot slot, ServedPackage answers) {
    if (answers.content().isShared()) {
      tell(slot, Optional.of(answers));
    }
  }

  /**
   * Tells the other servers what queries of this one read. What can't be told now is told with the
   * next heartbeat.
   *
   * @param answers what new queries are answered from
   */
  void tell(PackageSlot slot, Optional<ServedPackage> answers) {
    Set<Long> versions = new TreeSet<>(slot.gate().read());
    answers.ifPresent(one -> versions.add(one.versionNumber()));
    try {
      shared.serving(slot.key(), versions, answers.map(ServedPackage::versionNumber).orElse(0L));
    } catch (Fault unreachable) {
      log.debug("Not written that {} is served", slot.key(), unreachable);
    }
  }
}
