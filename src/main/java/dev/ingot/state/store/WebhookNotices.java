package dev.ingot.state.store;

import dev.ingot.materialization.RunEnd;
import dev.ingot.project.ProjectStore;
import dev.ingot.project.Webhook;
import dev.ingot.state.PackageLock;
import dev.ingot.webhook.Notice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Into the outbox, for the webhooks that this server has of the project. */
@Component
final class WebhookNotices implements Notices {

  private final ProjectStore projects;

  WebhookNotices(ProjectStore projects) {
    this.projects = projects;
  }

  @Override
  public void started(PackageLock lock, String run, Instant at) {
    add(lock, run, Webhook.Event.RUNNING, at, null);
  }

  @Override
  public void ended(PackageLock lock, String run, RunEnd end) {
    add(lock, run, Webhook.Event.valueOf(end.to().name()), end.at(), end.error());
  }

  private void add(
      PackageLock lock, String run, Webhook.Event event, Instant at, @Nullable String error) {
    for (Webhook webhook : projects.options(lock.key().project()).webhooks().all()) {
      if (webhook.events().contains(event)) {
        Notice notice = Notice.of(lock.key(), run, event, at, error);
        OutboxRows.insert(lock.session(), notice.to(webhook, lock.key()));
      }
    }
  }
}
