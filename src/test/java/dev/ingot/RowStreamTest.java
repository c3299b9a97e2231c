package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that are too long to be held. */
class RowStreamTest {

  private static final int ROWS = 2_000_000;

  private static final String MODEL =
      """
      source: many is duckdb.sql(\"""
        select range as id, repeat(md5(range::varchar), 2) as payload from range(%d)\""")
      source: fails_late is duckdb.sql(\"""
        select (case when range = 1900000 then 'none' else '1' end)::integer as n
        from range(2000000)\""")
      source: endless is duckdb.sql(\"""%s\""")
      source: falls_silent is duckdb.sql(\"""
        select range::ubigint as h from range(1000000) union all select h from (%s) where h = 0\""")
      """
          .formatted(ROWS, SlowSql.SELECT, SlowSql.SELECT);

  private static final PackageKey KEY = PackageKey.of("p", "long");

  @TempDir static Path folder;
  private static Server server;
  private static Client client;
  private static PackageApi api;

  @BeforeAll
  static void start() {
    // One thread computes the rows in their order, so what fails late does not fail early.
    server = Server.start(folder, "ingot.query.timeout=1h", "ingot.duckdb.threads=1");
    client = server.client();
    PackageFiles.create(server.packageFolder("long")).model("long.malloy", MODEL);
    api = server.register("long");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static InputStream open(String query, String accept) {
    HttpResponse<InputStream> answer = client.open(api.streaming("long.malloy", query, accept));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static int pins() {
    return server.bean(ServedPackages.class).get(KEY).pins();
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/x-ndjson"})
  void aResultOfHundredsOfMegabytesStreamsWithoutBeingHeld(String accept) throws IOException {
    long before = heapInUse();
    long most = 0;
    long bytes = 0;
    long lines = 0;
    try (InputStream rows = open("run: many -> { select: * }", accept)) {
      byte[] buffer = new byte[1 << 16];
      long look = 0;
      for (int n = rows.read(buffer); n >= 0; n = rows.read(buffer)) {
        for (int i = 0; i < n; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
        bytes += n;
        if (bytes > look) {
          assertThat(pins()).isEqualTo(1);
          most = Math.max(most, heapInUse());
          look += 50_000_000;
        }
      }
    }

    assertThat(lines).isEqualTo(ROWS + (accept.equals("text/csv") ? 1 : 0));
    assertThat(bytes).isGreaterThan(140_000_000);
    assertThat(most - before).isLessThan(40_000_000);
    Wait.until("the pin is released", () -> pins() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/x-ndjson"})
  void anErrorAfterTheFirstByteBreaksTheConnection(String accept) throws IOException {
    try (InputStream rows = open("run: fails_late -> { select: * }", accept)) {
      assertThatThrownBy(() -> rows.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(IOException.class);
    }
    Wait.until("the pin is released", () -> pins() == 0);
  }

  @Test
  void aClientThatLeavesInTheMiddleEndsTheStatement() throws IOException {
    try (InputStream rows = open("run: endless -> { select: * }", "text/csv")) {
      assertThat(rows.readNBytes(100_000)).hasSize(100_000);
      assertThat(pins()).isEqualTo(1);
    }
    Wait.until("the statement has ended", () -> pins() == 0);
  }

  @Test
  void aClientThatLeavesWhileNoRowComesEndsTheStatement() throws IOException {
    try (Socket socket =
        RawRequest.post(
            client.url(),
            api.path() + "/models/long.malloy/query",
            "{\"query\":\"run: falls_silent -> { select: * }\"}",
            "Accept: text/csv")) {
      socket.setSoTimeout(1_000);
      InputStream answer = socket.getInputStream();
      assertThatThrownBy(() -> answer.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(pins()).isEqualTo(1);
    }
    Wait.until("the statement has ended", () -> pins() == 0);
  }
}
