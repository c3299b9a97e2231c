package dev.ingot.api;

import dev.ingot.access.ApiKey;
import dev.ingot.access.ApiKeys;
import dev.ingot.access.Caller;
import dev.ingot.access.Grants;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.KeyResources.CallerResource;
import dev.ingot.api.KeyResources.KeyRequest;
import dev.ingot.api.KeyResources.KeyResource;
import dev.ingot.api.KeyResources.RoleRequest;
import dev.ingot.api.KeyResources.RoleResource;
import dev.ingot.body.Required;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Keys that callers are known by. */
@RestController
@Tag(name = "access")
class KeyController {

  private static final String KEYS = Api.BASE + "/keys";

  private final ApiKeys keys;

  KeyController(ApiKeys keys) {
    this.keys = keys;
  }

  @Allowed(Rule.CALLERS)
  @GetMapping(path = Api.BASE + "/caller", produces = "application/json")
  @Operation(operationId = "getCaller", summary = "Returns who asks, and what they may do")
  CallerResource caller(Caller caller) {
    return new CallerResource(
        caller.id(), caller.name(), RoleResource.of(caller.grants().roles()), caller.claims());
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @GetMapping(path = KEYS, produces = "application/json")
  @Operation(operationId = "listKeys", summary = "Lists the keys")
  List<KeyResource> list() {
    return keys.all().stream().map(key -> resource(key, null)).toList();
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @Idempotent
  @PostMapping(path = KEYS, produces = "application/json")
  @Refused({FaultCode.INVALID_NAME, FaultCode.KEY_EXISTS, FaultCode.LAST_ADMIN})
  @Operation(
      operationId = "createKey",
      summary =
          "Makes a key, which only this answer shows. From the first one on nobody gets in without one")
  @ApiResponse(responseCode = "201", description = "Created")
  ResponseEntity<KeyResource> create(@RequestBody KeyRequest request, Caller caller) {
    ApiKeys.Made made =
        keys.make(
            Required.field("name", request.name()),
            grants(Required.field("roles", request.roles())),
            claims(request.claims()),
            request.expiresAt(),
            caller);
    KeyResource created = resource(made.key(), made.text());
    return ResponseEntity.created(URI.create(created.resource())).body(created);
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @GetMapping(path = KEYS + "/{id}", produces = "application/json")
  @Refused(FaultCode.KEY_NOT_FOUND)
  @Operation(operationId = "getKey", summary = "Returns a key, without what is secret of it")
  KeyResource get(@PathVariable String id) {
    return resource(keys.get(id), null);
  }

  @Allowed(Rule.ADMIN_EVERYWHERE)
  @DeleteMapping(KEYS + "/{id}")
  @Refused({FaultCode.KEY_NOT_FOUND, FaultCode.LAST_ADMIN})
  @Operation(operationId = "deleteKey", summary = "Revokes a key: nobody gets in with it any more")
  @ApiResponse(responseCode = "204", description = "Revoked")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    keys.revoke(id);
  }

  private static Grants grants(List<@Nullable RoleRequest> roles) {
    Grants all = Grants.NONE;
    for (RoleRequest one : roles) {
      if (one == null) {
        throw new Fault(FaultCode.BAD_REQUEST, "An element of 'roles' is an object, not null");
      }
      all =
          all.and(
              Grants.one(
                  Required.field("roles.project", one.project()),
                  Required.field("roles.role", one.role())));
    }
    return all;
  }

  private static Map<String, Object> claims(@Nullable Map<String, @Nullable Object> given) {
    var claims = new HashMap<String, Object>();
    if (given != null) {
      given.forEach((name, value) -> claims.put(name, checked(name, value)));
    }
    return claims;
  }

  private static Object checked(String name, @Nullable Object value) {
    if (value instanceof Collection<?> several) {
      several.forEach(one -> plain(name, one));
      return several;
    }
    return plain(name, value);
  }

  private static Object plain(String name, @Nullable Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value;
    }
    throw new Fault(
        FaultCode.BAD_REQUEST,
        "The claim '%s' must be a text, a number, a boolean or a list of these"
            .formatted(Printable.of(name)));
  }

  private static KeyResource resource(ApiKey key, @Nullable String text) {
    return new KeyResource(
        KEYS + "/" + key.id(),
        key.id(),
        key.name(),
        RoleResource.of(key.grants().roles()),
        key.claims(),
        key.expiresAt(),
        key.createdAt(),
        key.createdBy(),
        text);
  }
}
