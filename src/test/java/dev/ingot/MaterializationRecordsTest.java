package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The records of runs, how they are listed and deleted. */
class MaterializationRecordsTest extends MaterializationApi {

  @Test
  void onlyTheRecordOfAnEndedOneIsDeletedAndItsVersionStays() {
    JsonNode run = fast.build("{\"forceRefresh\":true}");
    String id = run.path("id").asString();
    String physical = PackageApi.target(run, "best").path("physicalTable").asString();
    JsonNode manifest = fast.manifest();

    client.delete(runs(fast) + "/" + id).expect(204);

    Refusal.check(get(fast, id), 404, "materialization_not_found", id);
    Refusal.check(client.delete(runs(fast) + "/" + id), 404, "materialization_not_found", id);
    assertThat(fast.manifest()).isEqualTo(manifest);
    assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(physical);
    JsonNode next = fast.buildOk();
    assertThat(PackageApi.target(next, "best").path("status").asString()).isEqualTo("REUSED");
  }

  @Test
  void oneThatHasNotEndedIsNotDeletedNorIsItsPackage() {
    String running = building().path("id").asString();
    String pending = slow.create("{}");

    Refusal.check(client.delete(runs(slow) + "/" + running), 409, "illegal_state", "RUNNING");
    Refusal.check(client.delete(runs(slow) + "/" + pending), 409, "illegal_state", "PENDING");
    Refusal.check(client.delete(slow.path()), 409, "package_busy", "p/slow");
    Refusal.check(client.delete("/api/v0/projects/p"), 409, "package_busy", "p/slow");
    assertThat(status(slow, running)).isEqualTo("RUNNING");
    client.get(fast.path()).expect(200);
  }

  @Test
  void theListIsNewestFirstInPagesThatLinkToTheNext() {
    PackageApi paged = orders("paged");
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(paged.create("{}"));
    }
    act(paged, ids.get(3), "stop").expect(200);

    assertThat(follow(runs(paged) + "?limit=2", 3)).isEqualTo(ids);
    assertThat(follow(runs(paged), 1)).isEqualTo(ids);
    assertThat(follow(runs(paged) + "?offset=4", 1)).containsExactly(ids.getLast());
    assertThat(follow(runs(paged) + "?offset=9", 1)).isEmpty();
    assertThat(follow(runs(paged) + "?status=CANCELLED", 1)).containsExactly(ids.get(3));
    assertThat(follow(runs(paged) + "?status=PENDING&limit=3", 2))
        .containsExactly(ids.get(0), ids.get(1), ids.get(2), ids.get(4));
    assertThat(follow(runs(paged) + "?status=FAILED", 1)).isEmpty();
    assertThat(follow(runs(paged) + "?status=CANCELLED&status=PENDING&limit=3", 2)).isEqualTo(ids);
    assertThat(follow(runs(paged) + "?status=CANCELLED,FAILED", 1)).containsExactly(ids.get(3));
    assertThat(follow(runs(paged) + "?offset=1&limit=2", 2)).isEqualTo(ids.subList(1, 5));
  }

  @Test
  void aLinkGoesOnWhereItsPageEndedAlthoughOthersComeAndGo() {
    PackageApi moving = orders("moving");
    var ids = new ArrayList<String>();
    for (int i = 0; i < 4; i++) {
      ids.addFirst(moving.create("{}"));
    }
    Answer first = client.get(runs(moving) + "?limit=2").expect(200);
    moving.create("{}");
    act(moving, ids.get(1), "stop").expect(200);
    client.delete(runs(moving) + "/" + ids.get(1)).expect(204);

    assertThat(follow(next(first), 1)).isEqualTo(ids.subList(2, 4));
    assertThat(next(first)).contains("cursor=").doesNotContain("offset");
  }

  @Test
  void aListIsOfTheTimesThatAreAskedFor() {
    PackageApi timed = orders("timed");
    timed.create("{}");
    String second = timed.create("{}");
    timed.create("{}");
    String at = get(timed, second).json().path("createdAt").asString();

    assertThat(follow(runs(timed) + "?createdBefore=" + at, 1)).hasSize(1);
    assertThat(follow(runs(timed) + "?createdAfter=" + at, 1)).hasSize(1);
    assertThat(follow(runs(timed) + "?createdAfter=2020-01-01T00:00:00%2B02:00&limit=1", 3))
        .hasSize(3);
    assertThat(follow(runs(timed) + "?createdBefore=-999999999-01-01T00:00:00Z", 1)).isEmpty();
    assertThat(follow(runs(timed) + "?createdBefore=%2B999999999-01-01T00:00:00Z", 1)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "cursor=x, cursor",
    "cursor=MjAyNi0wMS0wMVQwMDowMDowMFo, cursor",
    "cursor=%21%21, cursor",
    "cursor=MjAyNi0wMS0wMVQwMDowMDowMFogYQBi, cursor",
    "cursor=MjAyNi0wMS0wMVQwMDowMDowMFogYQ&offset=1, offset",
    "createdAfter=yesterday, createdAfter",
    "createdBefore=2026-01-01, createdBefore",
    "status=PENDING&status=DONE, DONE",
  })
  void aPageThatIsNoneIsRefused(String parameters, String named) {
    for (String list : List.of(runs(fast), "/api/v0/projects/p/materializations")) {
      Refusal.check(client.get(list + "?" + parameters), 400, "bad_request", named);
    }
  }

  @Test
  void aProjectsListHasTheRunsOfAllItsPackages() {
    client.post("/api/v0/projects", "{\"name\":\"q\"}").expect(201);
    var ids = new ArrayList<String>();
    for (String name : List.of("a", "b", "a", "b")) {
      PackageFiles.orders(server.packageFolder(name), MODEL);
      client.post(
          "/api/v0/projects/q/packages",
          "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, server.packageFolder(name)));
      ids.addFirst(new PackageApi(client, "/api/v0/projects/q/packages/" + name).create("{}"));
    }
    String list = "/api/v0/projects/q/materializations";

    assertThat(follow(list + "?limit=1", 4)).isEqualTo(ids);
    assertThat(follow(list + "?status=RUNNING", 1)).isEmpty();
    client.delete("/api/v0/projects/q/packages/a").expect(204);
    assertThat(follow(list, 1)).containsExactly(ids.get(0), ids.get(2));
    Refusal.check(
        client.get("/api/v0/projects/none/materializations"), 404, "project_not_found", "none");
  }

  private static String next(Answer page) {
    Matcher matcher = Pattern.compile("<([^>]+)>; rel=\"next\"").matcher(page.header("Link"));
    assertThat(matcher.matches()).isTrue();
    return matcher.group(1);
  }

  /** The ids on so many pages, by the links. */
  private static List<String> follow(String first, int pages) {
    var ids = new ArrayList<String>();
    String next = first;
    for (int page = 1; page <= pages; page++) {
      Answer answer = client.get(next).expect(200);
      answer.json().forEach(run -> ids.add(run.path("id").asString()));
      String link = answer.headers().firstValue("Link").orElse("");
      Matcher matcher = Pattern.compile("<([^>]+)>; rel=\"next\"").matcher(link);
      assertThat(matcher.matches())
          .as("page %d of %s: %s", page, first, link)
          .isEqualTo(page < pages);
      next = page < pages ? matcher.group(1) : "";
    }
    return ids;
  }
}
