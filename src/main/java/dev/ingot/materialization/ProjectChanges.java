package dev.ingot.materialization;

import dev.ingot.project.ProjectName;
import dev.ingot.threads.LockRank;
import dev.ingot.threads.RankedLock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** One change of a project, or of which packages it has and where, at a time. */
@Component
public class ProjectChanges {

  private final ConcurrentHashMap<ProjectName, RankedLock> changes = new ConcurrentHashMap<>();

  /** Does something while nothing else of the project is changed. */
  public <T> T make(ProjectName project, Supplier<T> change) {
    return changes.computeIfAbsent(project, p -> new RankedLock(LockRank.PROJECT, p)).hold(change);
  }
}
