package dev.ingot.api;

import dev.ingot.access.SignIns;
import dev.ingot.access.SignIns.SignIn;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.KeyResources.SignInResource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** With whom people sign in. */
@RestController
@Tag(name = "access")
class SignInController {

  private final SignIns signIns;

  SignInController(SignIns signIns) {
    this.signIns = signIns;
  }

  @Allowed(Rule.EVERYBODY)
  @GetMapping(path = Api.BASE + "/sign-ins", produces = "application/json")
  @Operation(
      operationId = "listSignIns",
      summary = "Lists the OpenID Connect issuers that people sign in with in a browser")
  List<SignInResource> list() {
    return signIns.all().stream().map(SignInController::resource).toList();
  }

  private static SignInResource resource(SignIn one) {
    return new SignInResource(
        one.issuer(), one.audience(), one.clientId(), one.scopes(), one.parameters());
  }
}
