package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What the compose file starts, as processes: workers from the jar that share the project {@link
 * #PROJECT}, its catalog in a PostgreSQL, and its tables in a bucket. Each worker has a home of its
 * own; all of them see the folder {@code packages}.
 */
public final class Topology implements AutoCloseable {

  public static final String PROJECT = "demo";

  private final List<Worker> workers;
  private final TestDatabase catalog;
  private final TestBucket bucket;
  private final String prefix;

  private Topology(Plan plan) {
    catalog = plan.catalog == null ? TestPostgres.database() : plan.catalog;
    bucket = plan.bucket == null ? TestBucket.shared() : plan.bucket;
    prefix = "topology-" + UUID.randomUUID();
    var planned = new ArrayList<Worker>();
    for (int i = 0; i < plan.workers; i++) {
      planned.add(new Worker(plan, i));
    }
    workers = List.copyOf(planned);
  }

  /**
   * Starts workers on the shared catalog and bucket; returns when all of them are ready.
   *
   * @param settings of every worker, such as {@code ingot.follow-manifest=true}
   */
  public static Topology start(Path folder, int workers, String... settings) {
    return in(folder).workers(workers).settings(settings).start();
  }

  /** For the topologies that differ from that. */
  public static Plan in(Path folder) {
    return new Plan(folder);
  }

  public int size() {
    return workers.size();
  }

  /** The process; another one after {@link #restart(int)}. */
  public JarServer worker(int i) {
    return workers.get(i).server();
  }

  /** Stays the same through restarts of the worker. */
  public Client client(int i) {
    return worker(i).client();
  }

  /** A package of the shared project, as one worker has it. */
  public PackageApi pack(int i, String name) {
    return new PackageApi(client(i), "/api/v0/projects/%s/packages/%s".formatted(PROJECT, name));
  }

  /** Ends it as SIGTERM does if it runs, and starts it in the same home, on the same port. */
  public void restart(int i) {
    workers.get(i).restart();
  }

  /** As {@code kill -9}; returns when it is gone. */
  public void kill(int i) {
    workers.get(i).kill();
  }

  /** As {@code kill -STOP}. */
  public void pause(int i) {
    worker(i).pause();
  }

  /** As {@code kill -CONT}. */
  public void resume(int i) {
    worker(i).resume();
  }

  public TestDatabase catalog() {
    return catalog;
  }

  public TestBucket bucket() {
    return bucket;
  }

  /** Where in the bucket the project's tables are. */
  public String prefix() {
    return prefix;
  }

  /** A worker's own way to the catalog, for topologies with proxies. */
  public FaultyProxy catalogLine(int i) {
    return workers.get(i).line(workers.get(i).catalogLine);
  }

  /** A worker's own way to the bucket, for topologies with proxies. */
  public FaultyProxy bucketLine(int i) {
    return workers.get(i).line(workers.get(i).bucketLine);
  }

  @Override
  public void close() {
    workers.forEach(Worker::close);
  }

  /** All at once, as they come up after a power cut: the first one makes the catalog. */
  private void startAll() {
    var starting =
        workers.stream()
            .map(worker -> CompletableFuture.runAsync(worker::start, Topology::onThread))
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(starting).join();
    } catch (CompletionException e) {
      close();
      throw new AssertionError("a worker did not start", e.getCause());
    }
  }

  private static void onThread(Runnable task) {
    Thread.ofPlatform().daemon().start(task);
  }

  /** How many workers there are and what is between them and the rest. */
  public static final class Plan {

    private final Path folder;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<Integer, String[]> own = new LinkedHashMap<>();
    private final Map<String, String> packages = new LinkedHashMap<>();
    private int workers = 2;
    private int firstPort;
    private boolean proxies;
    private @Nullable TestDatabase catalog;
    private @Nullable TestBucket bucket;

    private Plan(Path folder) {
      this.folder = folder;
    }

    public Plan workers(int count) {
      workers = count;
      return this;
    }

    /** Ports in a row, instead of free ones. */
    public Plan portsFrom(int first) {
      firstPort = first;
      return this;
    }

    /** For every worker; the last one of a name counts. */
    public Plan settings(String... all) {
      for (String one : all) {
        String[] parts = one.split("=", 2);
        settings.put(parts[0], parts[1]);
      }
      return this;
    }

    /** For one worker, over what all have. */
    public Plan settingsOf(int worker, String... settings) {
      own.put(worker, settings);
      return this;
    }

    /** Joins the project with this package, which lies in {@code packages} of the folder. */
    public Plan pack(String name) {
      packages.put(name, folder.resolve("packages").resolve(name).toString());
      return this;
    }

    /** Another catalog than a database on the shared server. */
    public Plan catalog(TestDatabase database) {
      catalog = database;
      return this;
    }

    /** Another bucket than the shared one. */
    public Plan bucket(TestBucket other) {
      bucket = other;
      return this;
    }

    /** Puts a proxy of its own between each worker and the catalog, and the bucket. */
    public Plan behindProxies() {
      proxies = true;
      return this;
    }

    /** Returns when all workers are ready; without a package they get the sample. */
    public Topology start() {
      if (packages.isEmpty()) {
        packages.put("flights", "sample:flights");
      }
      var topology = new Topology(this);
      topology.startAll();
      return topology;
    }
  }

  private final class Worker {

    private final Path folder;
    private final String[] settings;
    private final @Nullable FaultyProxy catalogLine;
    private final @Nullable FaultyProxy bucketLine;
    private @Nullable JarServer server;

    Worker(Plan plan, int i) {
      folder = plan.folder.resolve("worker-" + (i + 1));
      catalogLine = plan.proxies ? FaultyProxy.to(catalog.host(), catalog.port()) : null;
      bucketLine = plan.proxies ? FaultyProxy.to("127.0.0.1", bucket.port()) : null;
      settings = settings(plan, i);
    }

    private String[] settings(Plan plan, int i) {
      var all = new LinkedHashMap<String, String>();
      String project = "ingot.projects." + PROJECT;
      all.put(
          "server.port", String.valueOf(plan.firstPort == 0 ? Ports.free() : plan.firstPort + i));
      all.put("ingot.home", folder.resolve("home").toString());
      all.put("ingot.package-roots", plan.folder.resolve("packages").toString());
      all.put("ingot.sample", "false");
      all.put("ingot.worker-name", "worker-" + (i + 1));
      all.put(
          project + ".storage.catalog-url",
          catalogLine == null ? catalog.url() : catalog.url("127.0.0.1", catalogLine.port()));
      all.put(project + ".storage.data-path", bucket.url(prefix));
      plan.packages.forEach((name, place) -> all.put(project + ".packages." + name, place));
      var given = new Plan(folder);
      given.settings(
          bucketLine == null ? bucket.settings() : bucket.settings(bucketLine.endpoint()));
      given.settings(TestExtensions.settings());
      all.putAll(given.settings);
      all.putAll(plan.settings);
      var mine = new Plan(folder);
      mine.settings(plan.own.getOrDefault(i, new String[0]));
      all.putAll(mine.settings);
      return all.entrySet().stream()
          .map(setting -> setting.getKey() + "=" + setting.getValue())
          .toArray(String[]::new);
    }

    synchronized void start() {
      try {
        TestExtensions.shareWith(folder.resolve("home"));
        server = JarServer.start(folder, settings);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    synchronized void restart() {
      JarServer running = server;
      try {
        if (running != null && running.isAlive()) {
          // One that is paused would never end.
          running.resume();
          running.terminate();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      start();
    }

    synchronized void kill() {
      try {
        server().kill();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    synchronized JarServer server() {
      JarServer running = server;
      if (running == null) {
        throw new IllegalStateException("this worker was never started");
      }
      return running;
    }

    FaultyProxy line(@Nullable FaultyProxy line) {
      if (line == null) {
        throw new IllegalStateException("this topology has no proxies");
      }
      return line;
    }

    synchronized void close() {
      if (server != null) {
        server.close();
      }
      if (catalogLine != null) {
        catalogLine.close();
      }
      if (bucketLine != null) {
        bucketLine.close();
      }
    }
  }
}
