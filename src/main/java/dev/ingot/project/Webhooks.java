package dev.ingot.project;

import dev.ingot.fault.Fault;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Those of a project, each with a URL of its own. */
public record Webhooks(List<Webhook> all) {

  public static final Webhooks NONE = new Webhooks(List.of());

  /** Each event is kept for each of them until it is told. */
  public static final int MOST = 10;

  /**
   * @throws Fault INVALID_WEBHOOK
   */
  public Webhooks {
    all = List.copyOf(all);
    if (all.size() > MOST) {
      throw Webhook.invalid("a project has at most %d".formatted(MOST));
    }
    Set<String> urls = new HashSet<>();
    for (Webhook one : all) {
      if (!urls.add(one.url())) {
        throw Webhook.invalid("two of them have one URL");
      }
    }
  }

  public Optional<Webhook> find(String id) {
    return all.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }
}
