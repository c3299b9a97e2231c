package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.ingot.fault.StartupFailure;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys over HTTP: who gets in, what they may do, and what nobody learns. */
@ExtendWith(OutputCaptureExtension.class)
class AccessTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ADMIN = "admin-canary-0123456789abcdef0123456789abcdef";
  private static final String ON = "ingot.access.admin-key=" + ADMIN;
  private static final String KEYS = "/api/v0/keys";
  private static final String PROJECTS = "/api/v0/projects";

  @TempDir Path folder;

  private static Answer make(Client client, String name, String project, String role) {
    return client.post(
        KEYS,
        "{\"name\":\"%s\",\"roles\":[{\"project\":\"%s\",\"role\":\"%s\"}]}"
            .formatted(name, project, role));
  }

  private static String key(Client client, String name, String project, String role) {
    return make(client, name, project, role).expect(201).json().path("key").asString();
  }

  @Test
  void whoSaysNothingOfHimselfIsToldToDoSo() {
    try (Server server = Server.start(folder, ON)) {
      Answer answer = server.client().get(PROJECTS);

      Refusal.check(answer, 401, "unauthenticated", "Authorization: Bearer");
      assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
      for (String wrong : List.of("x", "ingot_0123456789abcdef_" + "0".repeat(64), ADMIN + "0")) {
        Refusal.check(server.client().as(wrong).get(PROJECTS), 401, "unauthenticated");
      }
      // Nothing of a body is read before that.
      Refusal.check(server.client().post(PROJECTS, "{{"), 401, "unauthenticated");
      server.client().get("/health/readiness").expect(200);
    }
  }

  @Test
  void aKeyOpensItsProjectAndNoOther() {
    try (Server server = Server.start(folder, ON)) {
      Client admin = server.client().as(ADMIN);
      admin.post(PROJECTS, "{\"name\":\"shop\"}").expect(201);
      admin.post(PROJECTS, "{\"name\":\"bank\"}").expect(201);
      Client reader = admin.as(key(admin, "reader", "shop", "read"));

      assertThat(reader.get(PROJECTS).expect(200).json())
          .extracting(one -> one.path("name").asString())
          .containsExactly("shop");
      reader.get(PROJECTS + "/shop").expect(200);
      Answer hidden = reader.get(PROJECTS + "/bank");
      Answer missing = reader.get(PROJECTS + "/none");
      Refusal.check(hidden, 404, "project_not_found");
      assertThat(hidden.text().replace("bank", "none")).isEqualTo(missing.text());
      Refusal.check(
          reader.delete(PROJECTS + "/shop"),
          403,
          "forbidden",
          "'admin' in project 'shop'",
          "'read'");
      Refusal.check(reader.get(KEYS), 403, "forbidden");
      Refusal.check(reader.post(PROJECTS, "{\"name\":\"mine\"}"), 403, "forbidden", "all projects");
      assertThat(reader.get("/api/v0/caller").expect(200).json().path("name").asString())
          .isEqualTo("reader");
      assertThat(reader.get("/api/v0/status").expect(200).text())
          .contains("shop")
          .doesNotContain("bank");
    }
  }

  @Test
  void eachRoleMayDoWhatTheOnesBeforeItMay() {
    try (Server server = Server.start(folder, ON)) {
      Client admin = server.client().as(ADMIN);
      admin.post(PROJECTS, "{\"name\":\"p\"}").expect(201);
      PackageFiles.create(server.packageFolder("k"))
          .file("m.malloy", "source: numbers is duckdb.sql(\"\"\"SELECT 1 AS a\"\"\")\n");
      admin
          .post(
              PROJECTS + "/p/packages",
              "{\"name\":\"k\",\"location\":\"%s\"}".formatted(server.packageFolder("k")))
          .expect(201);
      String pack = PROJECTS + "/p/packages/k";
      String query = "{\"query\":\"run: numbers -> { select: a }\"}";
      Client reader = admin.as(key(admin, "r", "p", "read"));
      Client asker = admin.as(key(admin, "q", "p", "query"));
      Client builder = admin.as(key(admin, "b", "*", "build"));

      reader.get(pack + "/manifest").expect(200);
      Refusal.check(
          reader.post(pack + "/models/m.malloy/query", query), 403, "forbidden", "'query'");
      asker.post(pack + "/models/m.malloy/query", query).expect(200);
      Refusal.check(asker.post(pack + "/materializations"), 403, "forbidden", "'build'");
      Refusal.check(asker.get(pack + "?reload=true"), 403, "forbidden", "'build'");
      builder.post(pack + "/materializations").expect(201);
      builder.get(pack + "?reload=true").expect(200);
      Refusal.check(builder.delete(pack), 403, "forbidden", "'admin'");
      admin.delete(pack).expect(204);
    }
  }

  @Test
  void aRevokedOrExpiredKeyOpensNothing() {
    try (Server server = Server.start(folder, ON)) {
      Client admin = server.client().as(ADMIN);
      Answer made = make(admin, "one", "*", "read").expect(201);
      Client one = admin.as(made.json().path("key").asString());
      one.get(PROJECTS).expect(200);

      admin.delete(made.header("Location")).expect(204);

      Refusal.check(one.get(PROJECTS), 401, "unauthenticated", "revoked");
      Refusal.check(admin.get(made.header("Location")), 404, "key_not_found");
      Refusal.check(admin.delete(made.header("Location")), 404, "key_not_found");
      String brief =
          "{\"name\":\"brief\",\"roles\":[{\"project\":\"*\",\"role\":\"read\"}],\"expiresAt\":\"%s\"}";
      Client expiring =
          admin.as(
              admin
                  .post(KEYS, brief.formatted(Instant.now().plusSeconds(2)))
                  .expect(201)
                  .json()
                  .path("key")
                  .asString());
      Wait.until("the key is expired", () -> expiring.get(PROJECTS).status() == 401);
      Refusal.check(
          admin.post(KEYS, brief.formatted("2020-01-01T00:00:00Z")),
          400,
          "bad_request",
          "expiresAt");
    }
  }

  @Test
  void theFirstKeyClosesTheServerForGood() {
    String key;
    try (Server server = Server.start(folder)) {
      Client anybody = server.client();
      assertThat(anybody.get("/api/v0/caller").expect(200).json().path("id").asString())
          .isEqualTo("local");
      Refusal.check(make(anybody, "reader", "*", "read"), 409, "last_admin");
      Answer made = make(anybody, "me", "*", "admin").expect(201);
      key = made.json().path("key").asString();

      Refusal.check(anybody.get(PROJECTS), 401, "unauthenticated");
      Client me = anybody.as(key);
      Refusal.check(me.delete(made.header("Location")), 409, "last_admin", "admin-key-file");
      Refusal.check(make(me, "me", "*", "read"), 409, "key_exists", "'me'");
    }
    try (Server again = Server.start(folder)) {
      Refusal.check(again.client().get(PROJECTS), 401, "unauthenticated");
      again.client().as(key).get(PROJECTS).expect(200);
    }
  }

  @Test
  void nobodyLearnsAKeyFromTheServer(CapturedOutput output) throws IOException {
    String key;
    try (Server server =
        Server.start(folder, ON, "logging.level.dev.ingot=debug", "logging.level.root=info")) {
      Client admin = server.client().as(ADMIN);
      key = key(admin, "secret", "*", "admin");
      Client holder = admin.as(key);
      for (Answer answer :
          List.of(
              holder.get(KEYS),
              holder.get("/api/v0/caller"),
              holder.get("/api/v0/status"),
              make(holder, "secret", "*", "read"))) {
        assertThat(answer.text()).doesNotContain(key).doesNotContain(ADMIN);
      }
    }
    assertThat(output.getAll()).doesNotContain(key).doesNotContain(ADMIN);
    try (Stream<Path> files = Files.walk(folder.resolve("home"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text).as(file.toString()).doesNotContain(key).doesNotContain(ADMIN);
      }
    }
  }

  @Test
  void withoutKeysNobodyElseReachesTheServer() throws IOException {
    assertThatThrownBy(() -> Server.start(folder, "server.address=0.0.0.0"))
        .hasRootCauseInstanceOf(StartupFailure.class)
        .hasStackTraceContaining("server.address is 0.0.0.0");
    Path key = Files.writeString(folder.resolve("admin.key"), ADMIN + "\n");
    try (Server server =
        Server.start(folder, "server.address=0.0.0.0", "ingot.access.admin-key-file=" + key)) {
      server.client().as(ADMIN).get(PROJECTS).expect(200);
      Refusal.check(server.client().get(PROJECTS), 401, "unauthenticated");
    }
    assertThatThrownBy(() -> Server.start(folder, "ingot.access.admin-key=short"))
        .hasRootCauseInstanceOf(StartupFailure.class);
    assertThatThrownBy(() -> Server.start(folder, "ingot.access.admin-key-file=" + folder))
        .hasStackTraceContaining("can't be read");
  }

  @Test
  void pagesOfOtherOriginsAreTurnedAway() {
    try (Server server = Server.start(folder, "ingot.access.allowed-origins=https://bi.example")) {
      Client client = server.client();
      Refusal.check(
          client.send(client.request(PROJECTS).header("Origin", "https://evil.example")),
          403,
          "forbidden",
          "allowed-origins");
      Answer allowed =
          client.send(client.request(PROJECTS).header("Origin", "https://bi.example")).expect(200);
      assertThat(allowed.header("Access-Control-Allow-Origin")).isEqualTo("https://bi.example");
      assertThat(allowed.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(allowed.header("Content-Security-Policy")).contains("frame-ancestors 'none'");
    }
  }

  @Test
  void whoAsksTooMuchIsToldWhenToComeBack() {
    try (Server server = Server.start(folder, ON, "ingot.access.requests-per-minute=5")) {
      Client admin = server.client().as(ADMIN);
      Answer last = admin.get(PROJECTS);
      for (int i = 0; i < 10 && last.status() == 200; i++) {
        last = admin.get(PROJECTS);
      }
      Refusal.check(last, 429, "too_many_requests", "5 requests");
      // One comes every 12 seconds.
      assertThat(Integer.parseInt(last.header("Retry-After"))).isBetween(6, 12);
    }
  }

  @Test
  void whoDidWhatIsOnRecord() throws IOException {
    try (Server server = Server.start(folder, ON)) {
      Client admin = server.client().as(ADMIN);
      Answer made = make(admin, "reader", "shop", "read").expect(201);
      admin.as(made.json().path("key").asString()).delete(PROJECTS + "/shop").expect(403);
      server.client().get(PROJECTS + "?secret=canary").expect(401);
    }
    List<JsonNode> lines =
        Files.readAllLines(folder.resolve("home/audit.jsonl")).stream()
            .map(line -> JSON.readTree(line))
            .toList();
    assertThat(lines)
        .extracting(
            line -> line.path("name").asString(),
            line -> line.path("method").asString(),
            line -> line.path("path").asString(),
            line -> line.path("status").asInt(),
            line -> line.path("code").asString())
        .containsExactly(
            tuple("admin", "POST", KEYS, 201, ""),
            tuple("reader", "DELETE", PROJECTS + "/shop", 403, "forbidden"),
            tuple("nobody", "GET", PROJECTS, 401, "unauthenticated"));
    assertThat(lines.getFirst().path("created").asString()).startsWith(KEYS + "/");
    assertThat(lines.toString()).doesNotContain("canary");
  }
}
