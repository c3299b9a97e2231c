package dev.ingot.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL that belongs to one test; its port and data stay through its restarts. */
public final class OwnPostgres implements AutoCloseable {

  private static final String SUPERUSER = "postgres";

  /** Roles need their passwords. */
  private static final String ACCESS =
      """
      local all all trust
      host all postgres 127.0.0.1/32 trust
      host all postgres ::1/128 trust
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private final EmbeddedPostgres first;
  private final Path data;
  private final List<String> pgCtl;
  private boolean running = true;

  private OwnPostgres(EmbeddedPostgres first, Path data, List<String> pgCtl) {
    this.first = first;
    this.data = data;
    this.pgCtl = pgCtl;
  }

  static OwnPostgres start() {
    try {
      int port = Ports.free();
      Path data = Files.createTempDirectory("ingot-postgres");
      var first =
          EmbeddedPostgres.builder()
              .setPort(port)
              .setDataDirectory(data)
              .setServerConfig("synchronous_commit", "on")
              .setDataDirectoryCustomizer(folder -> configure(folder, port))
              .start();
      return new OwnPostgres(first, data, pgCtl(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void configure(File folder, int port) {
    try {
      Path settings = folder.toPath().resolve("postgresql.conf");
      // What the library gives on the command line, where a later start would lose it. A commit
      // that was acknowledged must outlive an immediate stop, as on a real server.
      Files.writeString(
          settings,
          """
          port = %d
          max_connections = 300
          timezone = 'UTC'
          fsync = off
          synchronous_commit = on
          """
              .formatted(port),
          StandardOpenOption.APPEND);
      Files.writeString(folder.toPath().resolve("pg_hba.conf"), ACCESS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The binaries' folder is the library's secret; the running server's program lies in it. */
  private static List<String> pgCtl(Path data) throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
    Path postgres = Path.of(ProcessHandle.of(pid).orElseThrow().info().command().orElseThrow());
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      // PostgreSQL doesn't run as root; in a user namespace it sees nobody.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(postgres.resolveSibling("pg_ctl").toString(), "-D", data.toString()));
    return command;
  }

  public PostgresAddress address() {
    return new PostgresAddress("127.0.0.1", first.getPort(), SUPERUSER, "none", SUPERUSER);
  }

  /** A new and empty database. */
  public TestDatabase database() {
    return address().create();
  }

  public int port() {
    return first.getPort();
  }

  /** Lets new connections be encrypted with this certificate. */
  public void encrypt(ServerCertificate certificate) {
    try {
      secret("server.crt", certificate.chain());
      secret("server.key", certificate.key());
      Files.writeString(data.resolve("postgresql.conf"), "ssl = on\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    control("reload");
  }

  /** PostgreSQL reads no key that others can read. */
  private void secret(String name, String text) throws IOException {
    Path file = data.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  /** Breaks all connections and comes back as after a crash; returns when it answers again. */
  public void restartImmediately() {
    stop();
    resume();
  }

  /** As a crash; returns when it is down. */
  public synchronized void stop() {
    control("-m", "immediate", "-w", "stop");
    running = false;
  }

  /** After {@link #stop()}; returns when it answers. */
  public synchronized void resume() {
    control("-l", data.resolve("server.log").toString(), "-w", "start");
    running = true;
  }

  private void control(String... args) {
    var command = new ArrayList<>(pgCtl);
    command.addAll(List.of(args));
    Commands.run(command.toArray(String[]::new));
  }

  @Override
  public synchronized void close() throws IOException {
    if (!running) {
      // What it is closed with wants one that runs.
      resume();
    }
    first.close();
  }
}
