package dev.ingot.api;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.ConnectionLifecycle;
import dev.ingot.materialization.ProjectChanges;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.Revisions;
import dev.ingot.project.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * The entity tags (RFC 9110) of projects, packages and connections.
 *
 * <p>A tag is the revision of what clients set. Where an answer has more to it, such as the version
 * that a package serves, a hash of that follows after a dot: then it is another answer, but no
 * reason to refuse a change. A tag is read before the answer that it is of: one that is too old is
 * refused later, one that is too new would let a change be lost.
 */
@Component
class Tags {

  /** What an {@code If-Match} may be: a star, or tags in their quotes. */
  static final String IF_MATCH = "^(\\*|(W/)?\"[!#-~]*\"([ \\t]*,[ \\t]*(W/)?\"[!#-~]*\")*)$";

  private static final String DOT = ".";

  /** Enough that two answers in a row don't have the same. */
  private static final int DIGITS = 16;

  /** Of the implicit connection that was given nothing. */
  private static final String NOTHING = "nothing";

  private final Revisions revisions;
  private final ProjectService projects;
  private final ConnectionLifecycle connections;
  private final ProjectChanges changes;

  Tags(
      Revisions revisions,
      ProjectService projects,
      ConnectionLifecycle connections,
      ProjectChanges changes) {
    this.revisions = revisions;
    this.projects = projects;
    this.connections = connections;
    this.changes = changes;
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND
   */
  String of(ProjectName project) {
    return revisions.of(projects.project(project).name()).orElse(NOTHING);
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND
   */
  String of(PackageKey key) {
    return revisions.of(projects.find(key).key()).orElse(NOTHING);
  }

  /**
   * @throws Fault PROJECT_NOT_FOUND, CONNECTION_NOT_FOUND
   */
  String of(ConnectionKey key) {
    return revisions.of(connections.get(key).key()).orElse(NOTHING);
  }

  /** The tag of an answer that has more to it than the revision. */
  static String with(String revision, Object answer) {
    var hash = new Sha256();
    hash.add(answer.toString());
    return revision + DOT + hash.hex().substring(0, DIGITS);
  }

  /** Does something while nothing else of a project is changed: what it finds is so until then. */
  <T> T alone(ProjectName project, Supplier<T> change) {
    return changes.make(project, change);
  }

  /**
   * Changes something {@link #alone}, unless the request's {@code If-Match} says that the client
   * knows another revision of it.
   *
   * @throws Fault PRECONDITION_FAILED, BAD_REQUEST; PROJECT_NOT_FOUND
   */
  <T> T change(HttpServletRequest request, ProjectName project, Supplier<T> change) {
    return change(request, project, "Project '%s'".formatted(project), () -> of(project), change);
  }

  /**
   * @throws Fault PRECONDITION_FAILED, BAD_REQUEST; PROJECT_NOT_FOUND, PACKAGE_NOT_FOUND
   */
  <T> T change(HttpServletRequest request, PackageKey key, Supplier<T> change) {
    return change(request, key.project(), "Package '%s'".formatted(key), () -> of(key), change);
  }

  /**
   * @throws Fault PRECONDITION_FAILED, BAD_REQUEST; PROJECT_NOT_FOUND, CONNECTION_NOT_FOUND
   */
  <T> T change(HttpServletRequest request, ConnectionKey key, Supplier<T> change) {
    return change(request, key.project(), "Connection '%s'".formatted(key), () -> of(key), change);
  }

  private <T> T change(
      HttpServletRequest request,
      ProjectName project,
      String what,
      Supplier<String> revision,
      Supplier<T> change) {
    return alone(
        project,
        () -> {
          require(request, what, revision.get());
          return change.get();
        });
  }

  private static void require(HttpServletRequest request, String what, String revision) {
    List<String> header = Collections.list(request.getHeaders(HttpHeaders.IF_MATCH));
    if (header.isEmpty()) {
      return;
    }
    // Spring's parser passes over what it can't read, and finds a * in anything.
    String text = String.join(",", header);
    List<ETag> known = text.matches(IF_MATCH) ? ETag.parse(text) : List.of();
    if (known.isEmpty()) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "If-Match must be * or an ETag in its quotes, not '%s'".formatted(text));
    }
    if (known.stream().noneMatch(tag -> matches(tag, revision))) {
      throw new Fault(
          FaultCode.PRECONDITION_FAILED,
          "%s is another than If-Match says, so nothing was changed: GET it again, and decide anew"
              .formatted(what));
    }
  }

  /** Weak ones never match here (RFC 9110, 13.1.1). */
  private static boolean matches(ETag tag, String revision) {
    return tag.isWildcard() || (!tag.weak() && tag.tag().split("\\.", 2)[0].equals(revision));
  }

  static <T> ResponseEntity<T> ok(String tag, T body) {
    return ResponseEntity.ok().eTag(tag).body(body);
  }
}
