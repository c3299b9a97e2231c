import dev.ingot.client.ApiClient;
import dev.ingot.client.ApiException;
import dev.ingot.client.api.ManifestApi;
import dev.ingot.client.api.MaterializationsApi;
import dev.ingot.client.api.PackagesApi;
import dev.ingot.client.api.QueriesApi;
import dev.ingot.client.model.Materialization;
import dev.ingot.client.model.Materialization.StatusEnum;
import dev.ingot.client.model.MaterializationRequest;
import dev.ingot.client.model.ProblemDocument;
import dev.ingot.client.model.QueryRequest;
import dev.ingot.client.model.QueryResult;

/** Builds the tables of the sample, queries one and reads the manifest: {@code BuildAndQuery URL KEY}. */
class BuildAndQuery {

  private static final String PROJECT = "demo";
  private static final String PACKAGE = "flights";

  public static void main(String[] arguments) throws Exception {
    var client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    client.setRequestInterceptor(
        request -> request.header("Authorization", "Bearer " + arguments[1]));

    // Wait for the end with the request itself, up to 30 seconds each time.
    var builds = new MaterializationsApi(client);
    Materialization build =
        builds.createMaterialization(
            PROJECT,
            PACKAGE,
            "wait=30",
            null,
            new MaterializationRequest().start(true).forceRefresh(true));
    while (build.getStatus() == StatusEnum.RUNNING) {
      build = builds.getMaterialization(PROJECT, PACKAGE, build.getId(), "wait=30");
    }
    System.out.printf("%s: %d built%n", build.getStatus(), build.getMetadata().getSourcesBuilt());

    QueryResult answer =
        new QueriesApi(client)
            .queryModel(
                PROJECT,
                PACKAGE,
                "rush_hours.malloy",
                new QueryRequest().queryName("busiest_hours").compactJson(true));
    System.out.printf("read: %s%n", answer.getMaterialized().getFirst().getTableName());

    var manifest = new ManifestApi(client).getManifest(PROJECT, PACKAGE, null);
    System.out.printf("manifest: %d tables%n", manifest.getEntries().size());

    try {
      new PackagesApi(client).getPackage(PROJECT, "nothing", null, null);
    } catch (ApiException e) {
      ProblemDocument problem =
          client.getObjectMapper().readValue(e.getResponseBody(), ProblemDocument.class);
      System.out.printf("%d: %s%n", e.getCode(), problem.getCode());
    }
  }
}
