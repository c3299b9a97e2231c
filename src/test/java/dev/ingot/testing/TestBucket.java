package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An S3 server in a JVM of its own, with one bucket. */
public final class TestBucket implements AutoCloseable {

  private static final String BUCKET = "lake";
  private static final String KEY = "AKIDTEST";
  private static final String SECRET = "bucket-secret-for-tests";

  private final Path folder;
  private final int port;
  private final S3Client client;
  private @Nullable Process process;

  private TestBucket(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    client = new S3Client("http://127.0.0.1:" + port, BUCKET, KEY, SECRET);
  }

  /** The one of this JVM; tests take prefixes of their own in it. */
  public static TestBucket shared() {
    return Shared.BUCKET;
  }

  /** One of the test's own; it forgets everything when it is stopped. */
  public static TestBucket own() {
    try {
      return start(Files.createTempDirectory("ingot-bucket"), "transient-nio2");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One of the test's own, whose objects are files in this folder and outlive a restart. */
  public static TestBucket own(Path folder) {
    return start(folder, "filesystem-nio2");
  }

  private static TestBucket start(Path folder, String provider) {
    try {
      int port = Ports.free();
      Path objects = Files.createDirectories(folder.resolve("objects"));
      Files.writeString(
          folder.resolve("s3proxy.conf"),
          """
          s3proxy.authorization=aws-v2-or-v4
          s3proxy.endpoint=http://127.0.0.1:%d
          s3proxy.identity=%s
          s3proxy.credential=%s
          jclouds.provider=%s
          jclouds.filesystem.basedir=%s
          """
              .formatted(port, KEY, SECRET, provider, objects.toAbsolutePath()));
      var bucket = new TestBucket(folder, port);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(bucket::stop));
      bucket.start();
      return bucket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the scheme, as DuckDB's secrets want it. */
  public String endpoint() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public String name() {
    return BUCKET;
  }

  public String key() {
    return KEY;
  }

  public String secret() {
    return SECRET;
  }

  /** For {@code dataPath}. */
  public String url(String prefix) {
    return "s3://%s/%s".formatted(BUCKET, prefix);
  }

  /** A server's settings for it. */
  public String[] settings() {
    return settings(endpoint());
  }

  /** The same by another way. */
  public String[] settings(String endpoint) {
    return new String[] {
      "ingot.bucket.access-key-id=" + KEY,
      "ingot.bucket.secret-access-key=" + SECRET,
      "ingot.bucket.region=us-east-1",
      "ingot.bucket.endpoint=" + endpoint,
      "ingot.bucket.path-style=true",
      "ingot.bucket.use-ssl=false"
    };
  }

  /** The keys below a prefix. */
  public List<String> list(String prefix) {
    return client.list(prefix);
  }

  /** To look at its objects, and to put and delete some. */
  public S3Client client() {
    return client;
  }

  /** As kill -9; returns when it is gone. */
  public synchronized void stop() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
      process = null;
    }
  }

  /** After {@link #stop()}, on the same port; returns when it answers and the bucket is there. */
  public synchronized void start() {
    Path log = folder.resolve("s3proxy.log");
    try {
      Process started =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-jar",
                  System.getProperty("ingot.test.s3proxy", "target/test-servers/s3proxy.jar"),
                  "--properties",
                  folder.resolve("s3proxy.conf").toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process = started;
      Wait.until("the S3 server answers", () -> answers(started, log));
      client.createBucket();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean answers(Process started, Path log) {
    if (!started.isAlive()) {
      try {
        throw new AssertionError("s3proxy ended: " + Files.readString(log, UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Ports.accepts(port);
  }

  @Override
  public void close() {
    stop();
  }

  private static final class Shared {
    static final TestBucket BUCKET = own();
  }
}
