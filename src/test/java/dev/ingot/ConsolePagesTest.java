package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How browsers are given the console. What it does there is looked at by {@link ConsoleIT}. */
class ConsolePagesTest {

  private static final Pattern ASSET = Pattern.compile("\\./(assets/[^\"]+)");

  @TempDir Path folder;

  private Client client;

  @BeforeEach
  void start() {
    client = Server.shared().client();
  }

  @Test
  void thePageIsAskedForEachTimeAndItsFilesAreKept() {
    Answer page = client.get("/").expect(200);

    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    List<String> assets = assets(page);
    assertThat(assets)
        .anyMatch(name -> name.endsWith(".js"))
        .anyMatch(name -> name.endsWith(".css"));
    for (String asset : assets) {
      Answer file = client.get("/" + asset).expect(200);
      assertThat(file.header("Cache-Control")).contains("max-age=31536000", "immutable");
    }
  }

  @Test
  void filesComeCompressedToWhoTakesThat() {
    for (String asset : assets(client.get("/").expect(200))) {
      if (!asset.endsWith(".js")) {
        continue;
      }
      Answer plain = client.get("/" + asset).expect(200);
      Answer small = client.send(client.request("/" + asset).header("Accept-Encoding", "gzip"));
      assertThat(plain.header("Content-Encoding")).isEmpty();
      assertThat(small.header("Content-Encoding")).isEqualTo("gzip");
      assertThat(small.header("Vary")).contains("Accept-Encoding");
      assertThat(length(small)).isLessThan(length(plain) / 2);
    }
  }

  @Test
  void pagesDoNothingBesideWhatTheirPolicySays() {
    assertThat(policy("/"))
        .contains(
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'")
        .contains("frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "*", "http");
    assertThat(policy("/index.html")).isEqualTo(policy("/"));
    assertThat(policy("/render.html"))
        .contains("default-src 'none'", "frame-ancestors 'self'", "sandbox allow-scripts")
        .doesNotContain("allow-same-origin", "connect-src", "*", "http");
    assertThat(policy("/api/v0/projects")).isEqualTo("default-src 'none'; frame-ancestors 'none'");
  }

  @Test
  void thePageMayAskTheIssuersThatPeopleSignInWithAndNobodyElse() {
    String one = "ingot.access.issuers[0].";
    String other = "ingot.access.issuers[1].";
    try (Server server =
        Server.start(
            folder,
            one + "issuer=https://login.example:8443/realms/shop",
            one + "audience=ingot",
            one + "console.client-id=console",
            one + "console.scopes=openid,email",
            one + "console.parameters.resource=https://ingot.example/",
            other + "issuer=https://ci.example",
            other + "audience=ingot")) {
      Client anybody = server.client();

      assertThat(anybody.get("/").expect(200).header("Content-Security-Policy"))
          .contains("; connect-src 'self' https://login.example:8443; ")
          .doesNotContain("ci.example");
      assertThat(anybody.get("/render.html").expect(200).header("Content-Security-Policy"))
          .doesNotContain("login.example");
      assertThat(anybody.get("/api/v0/sign-ins").expect(200).json().toString())
          .isEqualTo(
              "[{\"issuer\":\"https://login.example:8443/realms/shop\",\"audience\":\"ingot\",\"clientId\":\"console\","
                  + "\"scopes\":[\"openid\",\"email\"],\"parameters\":{\"resource\":\"https://ingot.example/\"}}]");
    }
    assertThat(client.get("/api/v0/sign-ins").expect(200).json()).isEmpty();
  }

  @Test
  void whoMayAskNothingGetsThePageAndNoAnswers() {
    try (Server server =
        Server.start(folder, "ingot.access.admin-key=0123456789abcdef0123456789abcdef")) {
      server.client().get("/").expect(200);
      server.client().get("/render.html").expect(200);
      server.client().get("/api/v0/caller").expect(401);
    }
  }

  @Test
  void aPageWithoutAnOriginGetsTheFilesAndNothingElse() {
    for (String asset : assets(client.get("/render.html").expect(200))) {
      Answer file = fromNowhere("/" + asset).expect(200);
      assertThat(file.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }
    assertThat(fromNowhere("/api/v0/projects").expect(403).code()).isEqualTo("forbidden");
  }

  private Answer fromNowhere(String path) {
    return client.send(client.request(path).header("Origin", "null"));
  }

  @Test
  void whatIsNoPageIsAProblem() {
    assertThat(client.get("/assets/none.js").expect(404).code()).isEqualTo("not_found");
    assertThat(client.get("/projects/demo").expect(404).code()).isEqualTo("not_found");
  }

  private String policy(String path) {
    return client.get(path).expect(200).header("Content-Security-Policy");
  }

  private static List<String> assets(Answer page) {
    return ASSET.matcher(page.text()).results().map((MatchResult found) -> found.group(1)).toList();
  }

  private static long length(Answer answer) {
    return Long.parseLong(answer.header("Content-Length"));
  }
}
