package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts targets in an order in which each comes after all that it reads. */
final class TargetOrder {

  private final Map<String, CompiledTarget> byId = new LinkedHashMap<>();
  private final Set<String> entered = new LinkedHashSet<>();
  private final List<CompiledTarget> ordered = new ArrayList<>();

  private TargetOrder(List<CompiledTarget> targets) {
    targets.forEach(target -> byId.put(target.buildId(), target));
  }

  static List<CompiledTarget> of(List<CompiledTarget> targets) {
    var order = new TargetOrder(targets);
    targets.forEach(order::place);
    return order.ordered;
  }

  private void place(CompiledTarget target) {
    if (!entered.add(target.buildId())) {
      return;
    }
    for (String dependency : target.dependsOn()) {
      CompiledTarget needed = byId.get(dependency);
      if (needed != null) {
        place(needed);
      }
    }
    ordered.add(target);
  }
}
