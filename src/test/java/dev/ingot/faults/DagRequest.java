package dev.ingot.faults;

import dev.ingot.faults.DagEdit.Blemish;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An edit, and the run that is asked for after it.
 *
 * @param blemish goes with the next edit
 * @param places of the sources to select; -1 for one that doesn't exist, none for everything
 */
record DagRequest(
    DagEdit edit, Blemish blemish, int blemished, boolean forceRefresh, List<Integer> places) {

  DagRequest {
    places = List.copyOf(places);
  }

  /** Names of what is selected: of sources, and of their tables. */
  List<String> sources(RandomDag dag) {
    var names = new ArrayList<String>();
    for (int place : places) {
      DagNode node = dag.nodes().get(Math.max(place, 0) / 2 % dag.nodes().size());
      names.add(place < 0 ? "nobody" : place % 2 == 0 ? node.source() : node.table());
    }
    return names;
  }

  String parameters(RandomDag dag) {
    String chosen = places.isEmpty() ? "" : "&sources=" + String.join(",", sources(dag));
    return "?forceRefresh=" + forceRefresh + chosen;
  }

  String body(RandomDag dag) {
    String chosen = sources(dag).stream().map("\"%s\""::formatted).collect(Collectors.joining(","));
    return "{\"forceRefresh\":%s%s}"
        .formatted(forceRefresh, places.isEmpty() ? "" : ",\"sources\":[%s]".formatted(chosen));
  }

  @Override
  public String toString() {
    return edit
        + (blemish == Blemish.NONE ? "" : ", %s %d".formatted(blemish, blemished))
        + (forceRefresh ? ", forced" : "")
        + (places.isEmpty() ? "" : ", sources " + places);
  }
}
