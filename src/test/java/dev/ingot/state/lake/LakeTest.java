package dev.ingot.state.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ingot.engine.TableName;
import dev.ingot.engine.duckdb.Lake.TableFile;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.DataPath;
import dev.ingot.project.PackageKey;
import dev.ingot.state.VersionEntries.EntryRow;
import dev.ingot.testing.OwnPostgres;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LakeTest {

  private static final PackageKey KEY = PackageKey.of("p", "orders");
  private static final PackageKey OTHER = PackageKey.of("p", "other");
  private static final List<EntryRow> ENTRIES =
      List.of(
          new EntryRow("g2", new TableName("main", "b"), List.of("it's", "x")),
          new EntryRow("g1", new TableName("mart", "a"), List.of()));

  @TempDir Path folder;
  private TestDatabase database;
  private DataPath data;
  private LakeInstance lake;
  private LakeEntries entries;
  private LakeFiles files;

  @BeforeEach
  void open() throws IOException {
    folder = folder.toRealPath();
    database = TestPostgres.database();
    data = new DataPath("file://" + Files.createDirectories(folder.resolve("year=2026")));
    lake = TestLake.instance(database, data, folder);
    entries = new LakeEntries(lake);
    files = new LakeFiles(lake);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void entriesAreReadAsTheyWereAppended() {
    assertThat(entries.read(KEY, "run-1")).isEmpty();
    entries.append(KEY, "run-1", ENTRIES);
    entries.append(OTHER, "run-1", ENTRIES.subList(0, 1));

    assertThat(entries.read(KEY, "run-1")).isEqualTo(ENTRIES);
    assertThat(entries.read(OTHER, "run-1")).isEqualTo(ENTRIES.subList(0, 1));
    assertThat(entries.contents(KEY)).containsExactly("run-1");
  }

  @Test
  void aContentThatIsThereIsNotAppendedAgain() {
    entries.append(KEY, "run-1", ENTRIES);
    entries.append(KEY, "run-1", ENTRIES);

    assertThat(entries.read(KEY, "run-1")).isEqualTo(ENTRIES);
  }

  @Test
  void moreEntriesThanTheCatalogHoldsItselfAreReadInTheirOrder() {
    var many = new ArrayList<EntryRow>();
    for (int i = 0; i < 250; i++) {
      many.add(new EntryRow("g" + i, new TableName("main", "t" + i), List.of("s")));
    }
    entries.append(KEY, "run-1", many);

    assertThat(entries.read(KEY, "run-1")).isEqualTo(many);
  }

  @Test
  void forgottenContentsAreGoneAndOthersStay() {
    for (String content : List.of("run-1", "run-2", "run-3")) {
      entries.append(KEY, content, ENTRIES);
    }
    entries.append(OTHER, "run-1", ENTRIES);

    entries.forget(KEY, Set.of("run-1", "run-3", "never"));

    assertThat(entries.contents(KEY)).containsExactly("run-2");
    assertThat(entries.contents(OTHER)).containsExactly("run-1");
  }

  @Test
  void serversThatAppendAtOnceAllSucceed() throws Exception {
    entries.contents(KEY);
    try (LakeInstance second = TestLake.instance(database, data, folder);
        var executor = Executors.newFixedThreadPool(4)) {
      var both = List.of(entries, new LakeEntries(second));
      var work = new ArrayList<Callable<Boolean>>();
      for (int i = 0; i < 24; i++) {
        LakeEntries mine = both.get(i % 2);
        String content = "run-" + i;
        work.add(() -> {
          mine.append(KEY, content, ENTRIES);
          mine.forget(KEY, Set.of("never"));
          return true;
        });
      }
      for (var done : executor.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
      assertThat(both.getLast().contents(KEY)).hasSize(24);
    }
  }

  @Test
  void registeredFilesAreTablesOfTheLakeAndOnlyOnce() throws Exception {
    TableFile file = write("orders__1", "SELECT range AS n FROM range(1000)");
    files.register(KEY, List.of(file));
    files.register(KEY, List.of(file, write("more__1", "SELECT 1::HUGEINT AS n")));

    assertThat(rows("main.orders__1")).isEqualTo(1000);
    assertThat(rows("main.more__1")).isEqualTo(1);
  }

  @Test
  void aDeletedFileIsGoneFromTheLakeAndTheFolder() throws Exception {
    TableFile listed = write("orders__1", "SELECT range AS n FROM range(1000)");
    TableFile unlisted = write("unlisted__1", "SELECT 1 AS n");
    TableFile kept = write("kept__1", "SELECT 1 AS n");
    files.register(KEY, List.of(listed, kept));

    for (int again = 0; again < 2; again++) {
      files.delete(KEY, listed);
      files.delete(KEY, unlisted);
    }

    assertThat(Path.of(listed.path())).doesNotExist();
    assertThat(Path.of(unlisted.path())).doesNotExist();
    assertThat(rows("main.kept__1")).isEqualTo(1);
    assertThatThrownBy(() -> rows("main.orders__1")).isInstanceOf(Fault.class);
  }

  @Test
  void aTableWhoseFileSomebodyRemovedCanBeDeleted() throws Exception {
    TableFile file = write("orders__1", "SELECT 1 AS n");
    files.register(KEY, List.of(file));
    Files.delete(Path.of(file.path()));

    files.delete(KEY, file);

    assertThatThrownBy(() -> rows("main.orders__1")).isInstanceOf(Fault.class);
  }

  @Test
  void anObjectOfABucketIsDeletedWithItsTable() {
    var bucket = TestBucket.shared();
    var remote = new DataPath(bucket.url("lake-" + UUID.randomUUID()));
    try (LakeInstance instance = TestLake.instance(TestPostgres.database(), remote, folder)) {
      String path = remote.root() + "/p/orders/main.orders__1.parquet";
      instance.use(
          client -> client.sql("COPY (SELECT 1 AS n) TO '" + path + "' (FORMAT parquet)").update());
      String prefix = remote.root().substring(bucket.url("").length());
      assertThat(bucket.list(prefix)).hasSize(1);

      new LakeFiles(instance).delete(KEY, new TableFile(new TableName("main", "orders__1"), path));

      assertThat(bucket.list(prefix)).isEmpty();
    }
  }

  @Test
  void aLakeIsNotOpenedWithAnotherFolder() {
    lake.attach();
    var other = new DataPath("file://" + folder.resolve("elsewhere"));
    try (LakeInstance wrong = TestLake.instance(database, other, folder)) {
      requireFault(wrong, FaultCode.STORAGE_REFUSED);
    }
  }

  @Test
  void aCatalogThatRefusesOrIsNotThereIsAFaultWithoutThePassword() {
    String wrong = database.url().replace(database.password(), "wrong-password-for-tests");
    try (LakeInstance refused = TestLake.instance(wrong, data, folder)) {
      requireFault(refused, FaultCode.CATALOG_UNAVAILABLE);
    }
    try (LakeInstance absent = TestLake.instance(database.url("127.0.0.1", 1), data, folder)) {
      requireFault(absent, FaultCode.CATALOG_UNAVAILABLE);
    }
  }

  private void requireFault(LakeInstance instance, FaultCode code) {
    assertThatThrownBy(() -> new LakeEntries(instance).contents(KEY))
        .asInstanceOf(type(Fault.class))
        .satisfies(fault -> assertThat(fault.code()).isEqualTo(code))
        .satisfies(fault -> assertThat(fault).hasMessageContaining("/" + database.name()))
        .satisfies(fault -> assertThat(trace(fault)).doesNotContain(database.password()))
        .satisfies(fault -> assertThat(trace(fault)).doesNotContain("wrong-password-for-tests"));
  }

  @Test
  void aCatalogThatCameBackIsUsedAgain() throws Exception {
    try (OwnPostgres server = TestPostgres.own()) {
      TestDatabase own = server.database();
      try (LakeInstance instance = TestLake.instance(own, data, folder)) {
        var mine = new LakeEntries(instance);
        mine.append(KEY, "run-1", ENTRIES);
        server.restartImmediately();
        mine.append(KEY, "run-2", ENTRIES);

        server.stop();
        assertThatThrownBy(() -> mine.contents(KEY))
            .asInstanceOf(type(Fault.class))
            .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.CATALOG_UNAVAILABLE))
            .satisfies(fault -> assertThat(trace(fault)).doesNotContain(own.password()));
        server.resume();

        assertThat(mine.contents(KEY)).containsExactlyInAnyOrder("run-1", "run-2");
      }
    }
  }

  /** DuckDB would end this process when it rolls back by itself. */
  @Test
  void aTransactionWhoseCatalogGoesAwayFailsAndNothingElse() throws Exception {
    try (OwnPostgres server = TestPostgres.own();
        LakeInstance instance = TestLake.instance(server.database(), data, folder)) {
      var mine = new LakeEntries(instance);
      mine.append(KEY, "run-1", ENTRIES);
      String forget = "DELETE FROM lk.ingot.version_entries";

      assertThatThrownBy(() ->
              instance.transact(client -> {
                client.sql(forget).update();
                server.stop();
                return client
                    .sql("INSERT INTO lk.ingot.version_entries (content) VALUES ('x')")
                    .update();
              }))
          .asInstanceOf(type(Fault.class))
          .satisfies(fault -> assertThat(fault.code()).isEqualTo(FaultCode.CATALOG_UNAVAILABLE));
      server.resume();

      assertThat(mine.read(KEY, "run-1")).isEqualTo(ENTRIES);
      assertThatThrownBy(() ->
              instance.transact(client -> {
                client.sql(forget).update();
                server.stop();
                throw new IllegalStateException("on the way");
              }))
          .hasMessage("on the way");
      server.resume();
      assertThat(mine.read(KEY, "run-1")).isEqualTo(ENTRIES);
    }
  }

  private long rows(String table) {
    return lake.use(client ->
        client
            .sql("SELECT count(*) FROM lk.\"p/orders\".\"" + table + "\"")
            .query(Long.class)
            .single());
  }

  private TableFile write(String name, String select) throws IOException, SQLException {
    Path file = Path.of(data.root(), "p", "orders", "main." + name + ".parquet");
    Files.createDirectories(file.getParent());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(select, file));
    }
    return new TableFile(new TableName("main", name), file.toString());
  }

  private static String trace(Throwable error) {
    var text = new StringWriter();
    error.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void aCatalogThatCrashesWithinATransactionFailsThatAndNothingElse() throws Exception {
    try (OwnPostgres postgres = TestPostgres.own();
        LakeInstance other = TestLake.instance(postgres.database(), data, folder)) {
      var written = new LakeEntries(other);
      written.append(KEY, "run-1", ENTRIES);

      assertThatThrownBy(() ->
              other.transact(client -> {
                client.sql("DELETE FROM lk.ingot.version_entries").update();
                postgres.restartImmediately();
                return client
                    .sql("SELECT count(*) FROM lk.ingot.version_entries")
                    .query(Long.class)
                    .single();
              }))
          .asInstanceOf(type(Fault.class))
          .returns(FaultCode.CATALOG_UNAVAILABLE, Fault::code);

      assertThat(written.read(KEY, "run-1")).isEqualTo(ENTRIES);
    }
  }
}
