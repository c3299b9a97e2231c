package dev.ingot.state.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.state.store.Fixture;
import dev.ingot.testing.Tmpfs;
import dev.ingot.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The state on a disk that is full. */
class FullDiskStateTest {

  private static final DataSize RESERVE = DataSize.ofMegabytes(2);

  /** Kilobytes: more than may lie unused behind the end of a file. */
  private static final int PIECE = 100;

  private static final long ROWS = PIECE * 32L;

  @TempDir Path folder;
  private Tmpfs disk;
  private Fixture fixture;
  private Path reserve;

  @BeforeEach
  void open() throws Exception {
    disk = Tmpfs.mount(folder.toRealPath(), 64);
    fixture = new Fixture(disk.folder(), RESERVE);
    reserve = disk.folder().resolve("reserve");
    fixture.state.change(() -> fixture.state.client().sql("CREATE TABLE t (x varchar)").update());
  }

  @AfterEach
  void close() {
    fixture.close();
    disk.close();
  }

  private void insert(int kilobytes) {
    fixture.state.change(() ->
        fixture
            .state
            .client()
            .sql("INSERT INTO t SELECT md5(random()::varchar) FROM range(?)")
            .param(kilobytes * 32)
            .update());
  }

  private long rows() {
    return fixture.state.client().sql("SELECT count(*) FROM t").query(Long.class).single();
  }

  private void reopen() {
    fixture.close();
    fixture = new Fixture(disk.folder(), RESERVE);
  }

  @Test
  void aWriteTakesTheReserveAndTheReserveComesBack() {
    assertThat(reserve).hasSize(RESERVE.toBytes());
    disk.fill();

    insert(PIECE);

    assertThat(reserve).doesNotExist();
    assertThat(rows()).isEqualTo(ROWS);
    disk.freeWhatFills();
    Wait.until("the reserve is there", () -> Files.exists(reserve));
    reopen();
    assertThat(rows()).isEqualTo(ROWS);
  }

  @Test
  void whenTheReserveIsUsedUpAWriteFailsWithAClearWordAndLeavesNothing() {
    disk.fill();
    insert(PIECE);
    disk.fill();

    for (int i = 0; i < 3; i++) {
      Fault full = catchThrowableOfType(Fault.class, () -> insert(PIECE));
      assertThat(full.code()).isEqualTo(FaultCode.STORAGE_FULL);
      assertThat(rows()).isEqualTo(ROWS);
    }
    disk.freeWhatFills();
    insert(PIECE);
    assertThat(rows()).isEqualTo(2 * ROWS);
    reopen();
    assertThat(rows()).isEqualTo(2 * ROWS);
  }

  @Test
  void aLongLogIsCheckpointedWhenThereIsRoomAndOnlyThen() throws Exception {
    Path log = disk.folder().resolve("state.duckdb.wal");
    disk.fillUpTo(30 * 1024 * 1024);
    long rows = 0;
    while (Files.size(log) < 18 * 1024 * 1024) {
      insert(1024);
      rows += 32 * 1024;
    }
    disk.freeWhatFills();
    insert(PIECE);

    assertThat(Files.exists(log) ? Files.size(log) : 0).isLessThan(1024 * 1024);
    assertThat(rows()).isEqualTo(rows + ROWS);
  }

  @Test
  void aDatabaseThatDuckDbGaveUpIsOpenedAgain() {
    insert(1024);
    disk.fill();
    assertThat(catchThrowable(() -> fixture.state.client().sql("CHECKPOINT").update())).isNotNull();
    assertThat(catchThrowable(this::rows)).isNotNull();

    insert(PIECE);

    assertThat(rows()).isEqualTo(ROWS + 32 * 1024);
  }
}
