package dev.ingot.webhook;

import dev.ingot.outbox.Delivery;
import dev.ingot.outbox.Patience;
import dev.ingot.outbox.Receiver;
import dev.ingot.outbox.Receivers;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.Webhook;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Component;

/** The webhooks of a project. */
@Component
class WebhookReceivers implements Receivers {

  private final ProjectService projects;
  private final Sender sender;
  private final Patience patience;

  WebhookReceivers(ProjectService projects, Sender sender, WebhookSettings settings) {
    this.projects = projects;
    this.sender = sender;
    patience = new Patience(Sender.LONGEST, settings.firstRetry(), settings.giveUpAfter(), false);
  }

  @Override
  public List<Receiver> of(ProjectName project) {
    return projects.options(project).webhooks().all().stream().map(this::receiver).toList();
  }

  private Receiver receiver(Webhook webhook) {
    return new One(webhook, sender, patience);
  }

  private record One(Webhook webhook, Sender sender, Patience patience) implements Receiver {

    @Override
    public String id() {
      return webhook.id();
    }

    @Override
    public void send(Delivery delivery) throws IOException {
      sender.send(webhook, delivery);
    }

    @Override
    public String toString() {
      return webhook.toString();
    }
  }
}
