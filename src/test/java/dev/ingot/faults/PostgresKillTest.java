package dev.ingot.faults;

import dev.ingot.testing.Client;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Kills while tables are built in PostgreSQL, which goes on without its client. */
class PostgresKillTest extends KillSuite {

  private static final String OWN =
      """
      SELECT split_part(obj_description(oid, 'pg_class'), ' ', 3) FROM pg_class
      WHERE relkind = 'r' AND obj_description(oid, 'pg_class') LIKE 'ingot generation %'
      """;

  private final TestDatabase database = TestPostgres.database();

  @Override
  FaultDag create(Path packageFolder) {
    return FaultDag.on(packageFolder, database);
  }

  @Override
  void prepare(Client client) {
    client
        .post("/api/v0/projects/p/connections", database.connection(FaultDag.WAREHOUSE))
        .expect(201);
  }

  @Override
  List<String> differences(FaultServerProcess of) {
    var differences = new ArrayList<String>();
    List<String> there = database.column(OWN);
    List<String> recorded = of.command("generations", "dag");
    recorded.stream().filter(id -> !there.contains(id)).forEach(differences::add);
    there.stream().filter(id -> !recorded.contains(id)).forEach(differences::add);
    return differences;
  }
}
