package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * Every operation of the contract, asked by everybody: those whose role is too low are refused, who
 * has none in the project isn't even told that it is there, and nobody else is refused.
 */
class AccessMatrixTest {

  private static final String ADMIN = "0123456789abcdef0123456789abcdef";
  private static final Set<String> METHODS = Set.of("get", "post", "patch", "delete", "put");

  /** Each with what it may do that the ones before it may not. */
  private static final List<String> ROLES = List.of("read", "query", "build", "admin");

  /** Every caller by a name that says what it is. */
  private static final Map<String, Client> CALLERS = new LinkedHashMap<>();

  private static Server server;

  @TempDir static Path folder;

  /** An operation of the contract. */
  private record Operation(String method, String path, String rule) {

    boolean isOfProject() {
      return path.contains("{projectName}");
    }

    Answer ask(Client client) {
      String filled =
          path.replace("{projectName}", "shop")
              .replace("{path}", "m.malloy")
              .replaceAll("\\{[a-zA-Z]+}", "none");
      return client.send(
          client
              .request(filled)
              .header("Content-Type", "application/json")
              // Not even JSON: who may not ask isn't told what is wrong with it.
              .method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString("{")));
    }
  }

  @BeforeAll
  static void begin() {
    server = Server.start(folder, "ingot.access.admin-key=" + ADMIN);
    Client admin = server.client().as(ADMIN);
    CALLERS.put("nobody", server.client());
    for (String project : List.of("shop", "other", "*")) {
      for (String role : ROLES) {
        String body =
            "{\"name\":\"%s %s\",\"roles\":[{\"project\":\"%s\",\"role\":\"%s\"}]}"
                .formatted(role, project.equals("*") ? "all" : project, project, role);
        String key = admin.post("/api/v0/keys", body).expect(201).json().path("key").asString();
        CALLERS.put(role + " of " + project, server.client().as(key));
      }
    }
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static List<Operation> operations() throws IOException {
    Map<String, Object> contract = new Yaml().load(Files.readString(Path.of("api-doc.yaml")));
    var all = new ArrayList<Operation>();
    map(contract.get("paths"))
        .forEach((path, methods) ->
            map(methods)
                .forEach((method, operation) -> {
                  if (METHODS.contains(String.valueOf(method))) {
                    Object rule = map(operation).get("x-allowed");
                    all.add(
                        new Operation(
                            String.valueOf(method), String.valueOf(path), String.valueOf(rule)));
                  }
                }));
    return all;
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return (Map<?, ?>) Objects.requireNonNull(node);
  }

  @Test
  void everyOperationHasARule() throws IOException {
    assertThat(operations())
        .hasSizeGreaterThan(40)
        .allSatisfy(one ->
            assertThat(one.rule())
                .as(one.toString())
                .isIn(
                    "everybody",
                    "callers",
                    "read",
                    "query",
                    "build",
                    "admin",
                    "admin_somewhere",
                    "admin_everywhere"));
  }

  @TestFactory
  Stream<DynamicTest> everybodyIsAnsweredByHisRole() throws IOException {
    return operations().stream()
        .flatMap(one ->
            CALLERS.entrySet().stream()
                .map(caller ->
                    dynamicTest(
                        "%s asks %s %s".formatted(caller.getKey(), one.method(), one.path()),
                        () -> {
                          // Some of them may delete it.
                          create();
                          check(one, caller.getKey(), one.ask(caller.getValue()));
                        })));
  }

  private static void create() {
    server.client().as(ADMIN).post("/api/v0/projects", "{\"name\":\"shop\"}");
  }

  private static void check(Operation one, String caller, Answer answer) {
    String rule = one.rule();
    if (rule.equals("everybody")) {
      isAllowed(answer);
    } else if (caller.equals("nobody")) {
      Refusal.check(answer, 401, "unauthenticated");
    } else if (rule.equals("callers")) {
      isAllowed(answer);
    } else if (one.isOfProject() && caller.endsWith("other")) {
      Refusal.check(answer, 404, "project_not_found");
    } else if (may(caller, rule)) {
      isAllowed(answer);
    } else {
      Refusal.check(answer, 403, "forbidden");
    }
  }

  private static boolean may(String caller, String rule) {
    String role = caller.substring(0, caller.indexOf(' '));
    return switch (rule) {
      case "admin_somewhere" -> role.equals("admin");
      case "admin_everywhere" -> caller.equals("admin of *");
      default -> ROLES.indexOf(role) >= ROLES.indexOf(rule);
    };
  }

  /** Whatever else is wrong with such a request. */
  private static void isAllowed(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isNotIn(401, 403).isLessThan(500);
    if (answer.status() >= 400) {
      assertThat(answer.code()).isNotEqualTo("project_not_found");
    }
  }
}
