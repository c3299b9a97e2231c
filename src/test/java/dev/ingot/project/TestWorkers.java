package dev.ingot.project;

import java.time.Clock;
import java.util.Properties;
import org.springframework.boot.info.BuildProperties;

/** Servers of a shared project, in one process. */
public final class TestWorkers {

  private TestWorkers() {}

  public static WorkerIdentity worker(String name) {
    var build = new Properties();
    build.setProperty("version", "test");
    return new WorkerIdentity(
        new WorkerSettings(name), new BuildProperties(build), Clock.systemUTC());
  }
}
