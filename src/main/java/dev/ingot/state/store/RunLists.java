package dev.ingot.state.store;

import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunQuery;
import dev.ingot.project.PackageName;
import dev.ingot.state.Columns;
import dev.ingot.state.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages of {@code runs}. A page begins after a place in their order, so none of them moves. */
final class RunLists {

  private RunLists() {}

  static List<Materialization> list(Session session, RunQuery query) {
    var conditions = new ArrayList<String>();
    var parameters = new HashMap<String, Object>();
    conditions.add("project = :project");
    parameters.put("project", query.project().value());
    conditions.add("package IN (:packages)");
    parameters.put("packages", query.packages().stream().map(PackageName::value).toList());
    filter(query.filter(), conditions, parameters);
    RunQuery.Position after = query.after();
    if (after != null) {
      conditions.add("(created_at < :at OR (created_at = :at AND id > :id))");
      parameters.put("at", Columns.utc(after.createdAt()));
      parameters.put("id", after.id());
    }
    String sql =
        "SELECT * FROM runs WHERE %s ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset"
            .formatted(String.join(" AND ", conditions));
    return session
        .sql(sql)
        .params(parameters)
        .param("limit", query.limit())
        .param("offset", query.offset())
        .query((row, n) -> RunRows.run(session, row))
        .list();
  }

  private static void filter(
      RunQuery.Filter filter, List<String> conditions, Map<String, Object> parameters) {
    if (!filter.statuses().isEmpty()) {
      conditions.add("status IN (:statuses)");
      parameters.put(
          "statuses", filter.statuses().stream().map(MaterializationStatus::name).toList());
    }
    if (filter.createdAfter() != null) {
      conditions.add("created_at > :after");
      parameters.put("after", Columns.utc(filter.createdAfter()));
    }
    if (filter.createdBefore() != null) {
      conditions.add("created_at < :before");
      parameters.put("before", Columns.utc(filter.createdBefore()));
    }
  }
}
