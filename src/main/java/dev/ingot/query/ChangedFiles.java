package dev.ingot.query;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.PackageContents;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectService;
import org.springframework.stereotype.Component;

/**
 * Explains queries that fail because a package's files are others than its models were compiled
 * with: a column is gone or of another type, a file is gone.
 */
@Component
class ChangedFiles {

  private final ProjectService projects;
  private final PackageContents contents;

  ChangedFiles(ProjectService projects, PackageContents contents) {
    this.projects = projects;
    this.contents = contents;
  }

  /** The fault itself, with what to do about it when that may be its reason. */
  Fault explain(LoadedPackage served, Fault fault) {
    if (fault.code() != FaultCode.QUERY_FAILED || !areOther(served)) {
      return fault;
    }
    PackageKey key = served.snapshot().key();
    return new Fault(
        FaultCode.QUERY_FAILED,
        "%s. The package's files have changed since they were loaded: POST /api/v0/projects/%s/packages/%s/manifest/reload"
            .formatted(fault.detail().replaceFirst("[.\\s]+$", ""), key.project(), key.name()),
        fault);
  }

  private boolean areOther(LoadedPackage served) {
    try {
      PackageRegistration now = projects.followed(projects.find(served.snapshot().key()));
      return !now.folder().equals(served.snapshot().folder())
          || !contents.folderHash(now).equals(served.snapshot().hash());
    } catch (Fault unreadable) {
      return unreadable.code() == FaultCode.INVALID_PACKAGE
          || unreadable.code() == FaultCode.INVALID_LOCATION;
    }
  }
}
