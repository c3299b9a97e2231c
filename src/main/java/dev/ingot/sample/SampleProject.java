package dev.ingot.sample;

import dev.ingot.fault.StartupFailure;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.project.Home;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/** Project {@code demo} with package {@code flights}, made when a home has no project at all. */
@Component
public class SampleProject {

  public static final PackageKey KEY = PackageKey.of("demo", "flights");
  private static final String ROOT = "/sample/flights/";

  private final ProjectService projects;
  private final PackageLoading loading;
  private final Home home;
  private final boolean wanted;

  SampleProject(
      ProjectService projects,
      PackageLoading loading,
      Home home,
      @Value("${ingot.sample:true}") boolean wanted) {
    this.projects = projects;
    this.loading = loading;
    this.home = home;
    this.wanted = wanted;
  }

  /** True when it was made now. */
  public boolean createIfEmpty() {
    if (!wanted || !projects.projects().isEmpty()) {
      return false;
    }
    Path folder = unpack();
    projects.create(KEY.project());
    PackageRegistration draft = projects.draft(KEY, folder.toString(), null, false);
    projects.insert(draft);
    loading.reload(KEY);
    return true;
  }

  /**
   * Unpacks the package's folder where it isn't yet.
   *
   * @throws StartupFailure when the home can't be written to
   */
  public Path unpack() {
    Path folder = home.packages().resolve(KEY.name().value());
    try {
      unpack(folder);
    } catch (IOException e) {
      throw new StartupFailure(
          "The sample can't be unpacked to " + folder,
          "Make ingot.home writable, or start with ingot.sample=false",
          e);
    }
    return folder;
  }

  private static void unpack(Path folder) throws IOException {
    // A task's thread has a class loader that doesn't know what is in the packaged server.
    var resolver = new PathMatchingResourcePatternResolver(SampleProject.class.getClassLoader());
    for (Resource file : resolver.getResources("classpath:" + ROOT + "**/*.*")) {
      String url = file.getURL().toString();
      Path target = folder.resolve(url.substring(url.lastIndexOf(ROOT) + ROOT.length()));
      Files.createDirectories(target.getParent());
      if (!Files.exists(target)) {
        try (InputStream content = file.getInputStream()) {
          Files.copy(content, target);
        }
      }
    }
  }
}
