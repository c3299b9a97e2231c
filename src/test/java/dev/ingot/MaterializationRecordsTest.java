package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
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
