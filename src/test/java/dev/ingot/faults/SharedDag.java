package dev.ingot.faults;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Topology;
import dev.ingot.testing.Wait;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** A {@link FaultDag} that every worker of a {@link Cluster} has. */
final class SharedDag {

  /** Data has changed without a new BuildID. */
  static final String FORCED = "{\"forceRefresh\":true}";

  private final Cluster cluster;
  private final String name;
  private final FaultDag dag;
  private final List<Client> clients = new ArrayList<>();
  private final List<PackageApi> on = new ArrayList<>();
  private final CatalogRecords records;

  SharedDag(Cluster cluster, String name, FaultDag dag) {
    this.cluster = cluster;
    this.name = name;
    this.dag = dag;
    records = new CatalogRecords(cluster.catalog(), name);
    String path = "/api/v0/projects/" + Topology.PROJECT + "/packages";
    String registration =
        "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, cluster.location(name));
    for (int i = 0; i < Cluster.WORKERS; i++) {
      Client client = cluster.topology().client(i);
      client.post(path, registration).expect(201);
      clients.add(client);
      on.add(new PackageApi(client, path + "/" + name));
    }
  }

  FaultDag files() {
    return dag;
  }

  CatalogRecords records() {
    return records;
  }

  Client client(int worker) {
    return clients.get(worker);
  }

  PackageApi on(int worker) {
    return on.get(worker);
  }

  /** Creates a run that builds everything again, and starts it; returns its id. */
  String begin(int worker) {
    String id = on(worker).create(FORCED);
    on(worker).start(id);
    return id;
  }

  /** Builds everything again, which must succeed; returns the run. */
  JsonNode build(int worker) {
    JsonNode run = on(worker).build(FORCED);
    if (!run.path("status").asString().equals("SUCCESS")) {
      throw new AssertionError(
          run.toPrettyString() + "\n" + String.join("\n\n", cluster.outputs()));
    }
    return run;
  }

  Answer start(int worker, String id) {
    return client(worker).post(path(worker, id) + "/start");
  }

  String path(int worker, String id) {
    return on(worker).path() + "/materializations/" + id;
  }

  /** Asks again and again until the package is free; returns the id of the run that has it then. */
  String takeOver(int worker) {
    String id = on(worker).create(FORCED);
    Wait.until(
        "worker %d takes over".formatted(worker),
        () -> {
          Answer answer = start(worker, id);
          if (answer.status() != 202 && !answer.code().equals("another_running")) {
            answer.expect(202);
          }
          return answer.status() == 202;
        });
    return id;
  }

  /** Looks at a run until it has ended, also while the catalog is away now and then. */
  JsonNode awaitEnd(int worker, String id) {
    var last = new AtomicReference<Answer>();
    Wait.until(
        "run %s has ended".formatted(id),
        () -> {
          Answer answer = get(worker, path(worker, id));
          last.set(answer);
          return answer.status() == 200
              && !List.of("PENDING", "RUNNING").contains(answer.json().path("status").asString());
        });
    return last.get().expect(200).json();
  }

  /** Fails with all that a worker has said when it answers nothing. */
  private Answer get(int worker, String path) {
    try {
      return client(worker).get(path);
    } catch (UncheckedIOException e) {
      throw new AssertionError(
          "worker %d, alive %s:\n%s"
              .formatted(worker, cluster.worker(worker).isAlive(), cluster.worker(worker).output()),
          e);
    }
  }

  /** What a worker answers now, from the tables of one version of the data. */
  String answer(int worker) {
    return on(worker).rows(FaultDag.MODEL, FaultDag.QUERY).toString();
  }

  /** The generations that a worker answers from; empty when it computes its answer. */
  JsonNode materialized(int worker) {
    return on(worker).query(FaultDag.MODEL, FaultDag.QUERY).expect(200).json().path("materialized");
  }

  /** The same of a worker that must answer from them. */
  JsonNode tables(int worker) {
    JsonNode answer = on(worker).query(FaultDag.MODEL, FaultDag.QUERY).expect(200).json();
    if (!answer.path("live").isEmpty()) {
      throw new AssertionError("not from tables: " + answer);
    }
    return answer.path("materialized");
  }

  void reload(int worker) {
    client(worker).post(on(worker).path() + "/manifest/reload").expect(200);
  }

  /** Returns when a worker answers from this version of the data by itself. */
  void awaitAnswer(int worker, int data) {
    Wait.until(
        "worker %d answers from version %d of the data".formatted(worker, data),
        () -> answer(worker).equals(FaultDag.answer(data)));
  }

  /** Returns when the bucket has what the catalog lists and the current version needs: no more. */
  void awaitNothingOrphaned() {
    try {
      Wait.until("nothing is left over", this::nothingIsLeftOver);
    } catch (AssertionError e) {
      throw new AssertionError(
          "recorded %s, in the bucket %s\n%s"
              .formatted(records.files(), objects(), String.join("\n\n", cluster.outputs())),
          e);
    }
  }

  private boolean nothingIsLeftOver() {
    List<String> recorded = records.files();
    return recorded.size() == FaultDag.TARGETS && recorded.equals(objects());
  }

  /** The files of this package in the bucket, in order. */
  List<String> objects() {
    String folder = "%s/%s/%s/".formatted(cluster.topology().prefix(), Topology.PROJECT, name);
    return cluster.topology().bucket().list(folder).stream()
        .map(key -> key.substring(folder.length()))
        .sorted()
        .toList();
  }

  static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }
}
