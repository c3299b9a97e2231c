package dev.ingot.api;

import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.api.WebhookResources.DeliveryResource;
import dev.ingot.outbox.Outbox;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What webhooks haven't taken. */
@RestController
@Tag(name = "projects")
class WebhookController {

  private static final int MOST = 1_000;

  private final ProjectService projects;
  private final Outbox outbox;

  WebhookController(ProjectService projects, Outbox outbox) {
    this.projects = projects;
    this.outbox = outbox;
  }

  @Allowed(Rule.ADMIN)
  @GetMapping(path = Api.PROJECT + "/webhooks/deliveries", produces = "application/json")
  @Refused(work = Work.REACHES)
  @Operation(
      operationId = "listWebhookDeliveries",
      summary = "Lists what webhooks are still to be told, oldest first, at most 1000")
  List<DeliveryResource> deliveries(@PathVariable String projectName) {
    ProjectName project = projects.project(new ProjectName(projectName)).name();
    Webhooks webhooks = projects.options(project).webhooks();
    return outbox.all(project, MOST).stream()
        .map(one ->
            new DeliveryResource(
                one.id(),
                webhooks.find(one.receiver()).map(Webhook::url).orElse(null),
                one.body(),
                one.createdAt(),
                one.attempts(),
                one.nextAt(),
                one.error()))
        .toList();
  }
}
