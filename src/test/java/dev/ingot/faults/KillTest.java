package dev.ingot.faults;

import dev.ingot.testing.Client;
import java.nio.file.Path;
import java.util.List;

/** Kills while tables are built in the package's own database. */
class KillTest extends KillSuite {

  @Override
  FaultDag create(Path packageFolder) {
    return FaultDag.create(packageFolder);
  }

  @Override
  void prepare(Client client) {}

  @Override
  List<String> differences(FaultServerProcess of) {
    return of.command("ledger", "dag");
  }
}
