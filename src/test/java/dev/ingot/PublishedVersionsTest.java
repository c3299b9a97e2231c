package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Wait;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a run publishes, and from when on it is served (promise P11). */
class PublishedVersionsTest extends MaterializationApi {

  /** How often P11 is tried; -Dingot.test.p11=1000 for more. */
  private static final int P11_ROUNDS = Integer.getInteger("ingot.test.p11", 20);

  @Test
  void nothingIsBuiltAgainUnlessItIsForced() {
    fast.buildOk();
    JsonNode manifest = fast.manifest();

    JsonNode again = fast.buildOk();
    assertThat(again.path("targets").valueStream())
        .extracting(t -> t.path("status").asString() + " " + t.path("reason").asString())
        .containsOnly("REUSED UNCHANGED");
    assertThat(again.path("metadata").path("sourcesBuilt").asInt()).isZero();
    assertThat(again.path("metadata").path("sourcesSkipped").asInt()).isEqualTo(2);
    assertThat(fast.manifest()).isEqualTo(manifest);

    JsonNode forced = fast.build("{\"forceRefresh\":true}");
    assertThat(forced.path("targets").valueStream())
        .extracting(t -> t.path("status").asString() + " " + t.path("reason").asString())
        .containsOnly("BUILT FORCED");
    assertThat(fast.manifest().path("version").asLong())
        .isEqualTo(manifest.path("version").asLong() + 1);
    for (JsonNode entry : fast.manifest().path("entries")) {
      JsonNode before = manifest.path("entries").path(entry.path("buildId").asString());
      assertThat(entry.path("tableName")).isEqualTo(before.path("tableName"));
      assertThat(entry.path("physicalTable")).isNotEqualTo(before.path("physicalTable"));
    }
  }

  @Test
  void aVersionThatIsNotLoadedIsServedFromTheNextReloadOn() {
    for (String reload : List.of("/manifest/reload", "/manifest/load", "/manifest?action=reload")) {
      String before = physical(fast.query("orders.malloy", QUERY));
      long version = fast.manifest().path("version").asLong();

      JsonNode run = fast.build("{\"forceRefresh\":true,\"autoLoadManifest\":false}");
      String built = PackageApi.target(run, "best").path("physicalTable").asString();

      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      assertThat(built).isNotEqualTo(before);
      assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(before);
      assertThat(fast.manifest().path("version").asLong()).isEqualTo(version + 1);
      assertThat(fast.manifest().path("servedVersion").asLong()).isEqualTo(version);

      JsonNode reloaded = client.post(fast.path() + reload).expect(200).json();

      assertThat(reloaded.path("servedVersion").asLong()).isEqualTo(version + 1);
      assertThat(physical(fast.query("orders.malloy", QUERY))).isEqualTo(built);
    }
  }

  @Test
  void theManifestIsGivenWithDeclaredOrPhysicalNames() {
    JsonNode declared = fast.manifest();
    JsonNode physical = client.get(fast.path() + "/manifest?names=physical").expect(200).json();

    assertThat(declared.path("entries").valueStream())
        .extracting(entry -> entry.path("tableName").asString())
        .containsExactlyInAnyOrder("by_customer", "best");
    for (JsonNode entry : physical.path("entries")) {
      assertThat(entry.path("tableName")).isEqualTo(entry.path("physicalTable"));
    }
    assertThat(client.get(orders("unbuilt").path() + "/manifest").json().path("entries")).isEmpty();
  }

  @Test
  void whoeverSeesSuccessIsAnsweredFromTheNewTables() {
    for (int i = 0; i < P11_ROUNDS; i++) {
      String id = fast.create("{\"forceRefresh\":true}");
      act(fast, id, "start").expect(202);
      boolean byList = i % 2 == 0;
      var seen = new ArrayList<JsonNode>();
      Wait.closely(
          "it has ended",
          () -> {
            JsonNode run =
                byList ? client.get(runs(fast) + "?limit=1").json().get(0) : get(fast, id).json();
            seen.add(run);
            return !run.path("status").asString().equals("RUNNING");
          });
      String answered = physical(fast.query("orders.malloy", QUERY));

      JsonNode run = seen.getLast();
      assertThat(run.path("id").asString()).isEqualTo(id);
      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      assertThat(answered)
          .as("round %d", i)
          .isEqualTo(PackageApi.target(run, "best").path("physicalTable").asString());
    }
  }
}
