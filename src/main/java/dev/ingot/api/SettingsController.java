package dev.ingot.api;

import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.StatusResources.SettingResource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the server was started with. */
@RestController
@Tag(name = "status")
class SettingsController {

  private final KnownSettings settings;

  SettingsController(KnownSettings settings) {
    this.settings = settings;
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @GetMapping(path = Api.BASE + "/settings", produces = "application/json")
  @Operation(
      operationId = "listSettings",
      summary = "Lists the settings that say how the server works, and nothing that is secret")
  List<SettingResource> list() {
    return settings.all();
  }
}
