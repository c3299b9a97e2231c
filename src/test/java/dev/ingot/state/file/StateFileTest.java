package dev.ingot.state.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.StartupFailure;
import dev.ingot.project.PackageKey;
import dev.ingot.state.store.Fixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state that can't be relied on is refused, and not a byte of the home is changed by that. */
class StateFileTest {

  private static final int HEADER = 4096;
  private static final int DAMAGES = Integer.getInteger("ingot.test.damages", 15);

  private static byte[] state = {};
  private static byte[] log = {};

  @TempDir Path folder;
  private Path home;

  /** A file with a log beside it, as a kill leaves them. */
  @BeforeAll
  static void makeState(@TempDir Path first) throws IOException {
    for (int start = 0; start < 2; start++) {
      try (var fixture = new Fixture(first)) {
        for (int i = 0; i < 50; i++) {
          fixture.running(PackageKey.of("p" + start, "k" + i));
        }
        state = Files.readAllBytes(first.resolve("state.duckdb"));
        log = Files.readAllBytes(first.resolve("state.duckdb.wal"));
      }
    }
  }

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectories(folder.toRealPath().resolve("home"));
    Path database = Files.createDirectories(home.resolve("databases/p/orders"));
    Files.writeString(database.resolve("package.duckdb"), "somebody's tables");
    write("state.duckdb", state);
    write("state.duckdb.wal", log);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(home.resolve(name), bytes);
  }

  /** Starts twice: what the first start did to the files would show at the second. */
  private void refused(String... words) throws IOException {
    Map<String, String> before = files();
    for (int start = 0; start < 2; start++) {
      StartupFailure failure =
          catchThrowableOfType(StartupFailure.class, () -> new Fixture(home).close());
      assertThat(failure).hasMessageContaining(home.resolve("state.duckdb").toString());
      assertThat(failure).hasMessageNotContaining("Stack Trace");
      assertThat(words).allSatisfy(word -> assertThat(failure).hasMessageContaining(word));
      assertThat(failure.action()).contains("ingot.home");
      assertThat(files()).isEqualTo(before);
    }
  }

  private Map<String, String> files() throws IOException {
    var files = new TreeMap<String, String>();
    try (var all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private static Random random() {
    long seed = Long.getLong("ingot.test.seed", System.nanoTime());
    System.out.println("StateFileTest: seed " + seed);
    return new Random(seed);
  }

  private long runs() {
    try (var fixture = new Fixture(home)) {
      return fixture.state.client().sql("SELECT count(*) FROM runs").query(Long.class).single();
    }
  }

  @Test
  void whatAKillLeavesIsTakenUp() {
    assertThat(runs()).isEqualTo(100);
  }

  @Test
  void aStateThatIsGoneFromAHomeInUseIsRefused() throws IOException {
    Files.delete(home.resolve("state.duckdb"));
    refused("missing");
    Files.delete(home.resolve("state.duckdb.wal"));
    refused("missing");
  }

  @Test
  void aFileOfNoBytesIsRefused() throws IOException {
    write("state.duckdb", new byte[0]);
    refused("not a valid DuckDB database");
    Files.delete(home.resolve("state.duckdb.wal"));
    refused("not a valid DuckDB database");
  }

  @Test
  void aFileThatIsCutOffIsRefused() throws IOException {
    for (int length : List.of(1, HEADER, 3 * HEADER, state.length / 2, state.length - 1)) {
      write("state.duckdb", Arrays.copyOf(state, length));
      refused();
    }
  }

  @Test
  void aTextIsRefused() throws IOException {
    write("state.duckdb", "not a database".repeat(1000).getBytes(UTF_8));
    refused("not a valid DuckDB database");
  }

  @Test
  void anotherDatabaseInItsPlaceIsRefused() throws IOException, SQLException {
    database("CREATE TABLE orders AS SELECT 1 AS id");
    refused("not a state of Ingot's");
    database("SELECT 1");
    refused("empty");
  }

  @Test
  void aStateOfANewerIngotIsRefusedWithItsLogToo() throws IOException, SQLException {
    database("CREATE TABLE schema_version AS SELECT unnest([1, 99]) AS version");
    refused("newer Ingot", "99");
    Path other = Files.createDirectories(folder.resolve("other"));
    try (var fixture = new Fixture(other)) {
      fixture.state.client().sql("UPDATE schema_version SET version = 98").update();
      write("state.duckdb", Files.readAllBytes(other.resolve("state.duckdb")));
      write("state.duckdb.wal", Files.readAllBytes(other.resolve("state.duckdb.wal")));
    }
    refused("newer Ingot", "98");
  }

  /** Replaces the state by a database of its own, closed cleanly. */
  private void database(String sql) throws IOException, SQLException {
    Files.deleteIfExists(home.resolve("state.duckdb"));
    Files.deleteIfExists(home.resolve("state.duckdb.wal"));
    String url = "jdbc:duckdb:" + home.resolve("state.duckdb");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aStateOfANewerDuckDbIsRefused() throws IOException {
    byte[] newer = state.clone();
    ByteBuffer header = ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(12, 999);
    // DuckDB's checksum of a block; without it the file would be refused as damaged.
    long checksum = 5381;
    for (int at = 8; at < HEADER; at += 8) {
      checksum ^= header.getLong(at) * 0xbf58476d1ce4e5b9L;
    }
    header.putLong(0, checksum);
    write("state.duckdb", newer);
    refused("newer DuckDB", "999");
  }

  @Test
  void aLogThatIsNoneIsRefused() throws IOException {
    write("state.duckdb.wal", "not a log".repeat(100).getBytes(UTF_8));
    refused("state.duckdb.wal");
  }

  /** DuckDB goes on without the rest where a length is wrong, and looks at no checksum there. */
  @Test
  void aLogThatIsDamagedInTheMiddleIsRefused() throws IOException {
    var random = random();
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = log.clone();
      damaged[random.nextInt(log.length / 2)] ^= (byte) (1 + random.nextInt(255));
      write("state.duckdb.wal", damaged);
      refused("state.duckdb.wal");
    }
  }

  @Test
  void aLogOfAnotherFileIsRefused() throws IOException, SQLException {
    database("CREATE TABLE schema_version AS SELECT 1 AS version");
    write("state.duckdb.wal", log);
    refused();
  }

  @Test
  void aLogWithoutItsLastWriteIsTakenUpAsAfterAKill() throws IOException {
    write("state.duckdb.wal", Arrays.copyOf(log, log.length - 3));

    assertThat(runs()).isEqualTo(100);
  }

  @Test
  void aByteThatIsWrongAnywhereIsRefusedOrChangesNothing() throws IOException {
    var random = random();
    int refused = 0;
    for (int i = 0; i < DAMAGES; i++) {
      byte[] damaged = state.clone();
      int at = random.nextInt(state.length);
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      write("state.duckdb", damaged);
      write("state.duckdb.wal", log);
      Map<String, String> before = files();
      try {
        assertThat(runs()).as("byte %d", at).isEqualTo(100);
      } catch (StartupFailure e) {
        refused++;
        assertThat(files()).isEqualTo(before);
      }
    }
    System.out.println("StateFileTest: refused " + refused + " of " + DAMAGES);
    assertThat(refused).isPositive();
  }

  @Test
  void aHomeWithoutAnythingBeginsAnew() throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    assertThat(runs()).isZero();
  }
}
