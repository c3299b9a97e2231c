package dev.ingot.api;

import dev.ingot.access.ApiKey;
import dev.ingot.access.Role;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bodies of keys. */
final class KeyResources {

  private static final String CLAIMS =
      "What is said of whoever has the key, as a token's claims are: texts, numbers, booleans and lists of these";
  private static final String PROJECT = "A project's name, or * for all projects and the server";

  private KeyResources() {}

  @Schema(name = "KeyRequest")
  record KeyRequest(
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              description = "For people; no two keys have the same",
              pattern = ApiKey.NAME,
              example = "nightly builds")
          @Nullable String name,
      @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable List<@Nullable RoleRequest> roles,
      @Schema(description = CLAIMS, example = "{\"org_id\": \"acme\"}")
          @Nullable Map<String, @Nullable Object> claims,
      @Schema(description = "Absent: it doesn't expire") @Nullable Instant expiresAt) {}

  @Schema(name = "RoleRequest")
  record RoleRequest(
      @Schema(requiredMode = RequiredMode.REQUIRED, description = PROJECT, example = "shop")
          @Nullable String project,
      @Schema(
              requiredMode = RequiredMode.REQUIRED,
              allowableValues = {"read", "query", "build", "admin"})
          @Nullable String role) {}

  @Schema(name = "Role")
  record RoleResource(
      @Schema(description = PROJECT) String project,
      @Schema(allowableValues = {"read", "query", "build", "admin"}) String role) {

    static List<RoleResource> of(Map<String, Role> roles) {
      return roles.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .map(one -> new RoleResource(one.getKey(), one.getValue().word()))
          .toList();
    }
  }

  @Schema(name = "Key")
  record KeyResource(
      String resource,
      @Schema(description = "The part of the key that isn't secret") String id,
      String name,
      List<RoleResource> roles,
      @Schema(description = CLAIMS) Map<String, Object> claims,
      @Schema(description = "null: it doesn't expire") @Nullable Instant expiresAt,
      Instant createdAt,
      @Schema(description = "The name of who made it") String createdBy,
      @Schema(
              description =
                  "The key itself, for Authorization: Bearer. Only in the answer that creates it, else null")
          @Nullable String key) {

    /** Without the key itself. */
    @Override
    public String toString() {
      return id;
    }
  }

  @Schema(name = "Caller")
  record CallerResource(
      String id,
      String name,
      List<RoleResource> roles,
      @Schema(description = CLAIMS) Map<String, Object> claims) {}

  @Schema(
      name = "SignIn",
      description = "An OpenID Connect issuer, and what a page says to it as a public client")
  record SignInResource(
      @Schema(description = "Its URL", example = "https://login.example") String issuer,
      @Schema(description = "That a token's `aud` has to have") String audience,
      @Schema(description = "What the issuer calls the page") String clientId,
      @Schema(description = "What is asked for", example = "[\"openid\"]") List<String> scopes,
      @Schema(
              description = "Sent beside the standard's parameters, such as resource or audience",
              example = "{\"resource\": \"https://ingot.example\"}")
          Map<String, String> parameters) {}
}
