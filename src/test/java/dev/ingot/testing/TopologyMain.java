package dev.ingot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The topology by hand, until it is interrupted; {@code .ci/topology} starts it. */
final class TopologyMain {

  private static final int FIRST_PORT = 4001;

  private TopologyMain() {}

  /**
   * @param args the number of workers, and settings for all of them; both may be missing
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    var settings = new ArrayList<>(List.of(args));
    int workers =
        !settings.isEmpty() && settings.getFirst().matches("\\d+")
            ? Integer.parseInt(settings.removeFirst())
            : 2;
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "topology");
    Topology topology =
        Topology.in(folder)
            .workers(workers)
            .portsFrom(FIRST_PORT)
            .settings("ingot.follow-manifest=true")
            .settings(settings.toArray(String[]::new))
            .start();
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(topology::close));

    for (int i = 0; i < workers; i++) {
      JarServer worker = topology.worker(i);
      System.out.printf("worker-%d  %s  process %d%n", i + 1, worker.url(), worker.pid());
    }
    System.out.println("project   " + Topology.PROJECT + ", package flights");
    System.out.println("catalog   " + topology.catalog().url());
    System.out.printf(
        "bucket    http://%s, %s, key %s, secret %s%n",
        topology.bucket().endpoint(),
        topology.bucket().url(topology.prefix()),
        topology.bucket().key(),
        topology.bucket().secret());
    System.out.println("folder    " + folder);
    System.out.println("Ctrl-C ends it all.");
    new CountDownLatch(1).await();
  }
}
