package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an issuer: what they give, and which are not to be trusted. */
class TokenTest {

  private static final String PROJECTS = "/api/v0/projects";
  private static final Duration HOUR = Duration.ofHours(1);

  private static HttpServer issuer;
  private static String url;
  private static RSAKey key;
  private static RSAKey otherKey;
  private static Server server;

  @TempDir static Path folder;

  @BeforeAll
  static void begin() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    otherKey = new RSAKeyGenerator(2048).keyID("one").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    url = "http://127.0.0.1:" + issuer.getAddress().getPort();
    answer("/keys", new JWKSet(key.toPublicJWK()).toString());
    answer(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
            .formatted(url, url));
    issuer.start();
    String one = "ingot.access.issuers[0].";
    String down = "ingot.access.issuers[1].";
    server =
        Server.start(
            folder,
            one + "issuer=" + url,
            one + "audience=ingot",
            one + "name-claim=email",
            one + "roles[0].claim=groups",
            one + "roles[0].value=analysts",
            one + "roles[0].project=*",
            one + "roles[0].role=query",
            one + "roles[1].claim=repository",
            one + "roles[1].value=shop/models",
            one + "roles[1].project=shop",
            one + "roles[1].role=build",
            down + "issuer=https://down.example",
            down + "audience=ingot",
            down + "jwks-uri=http://127.0.0.1:1/keys");
  }

  private static void answer(String path, String json) {
    issuer.createContext(
        path,
        exchange -> {
          byte[] body = json.getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  @AfterAll
  static void end() {
    server.close();
    issuer.stop(0);
  }

  /** What a token of the issuer's says, unless a test says otherwise. */
  private static JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(url)
        .audience("ingot")
        .subject("u1")
        .claim("email", "ann@shop.example")
        .claim("groups", List.of("staff", "analysts"))
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(HOUR)));
  }

  private static String signed(JWTClaimsSet.Builder claims) throws JOSEException {
    return signed(claims, JWSAlgorithm.RS256, new RSASSASigner(key));
  }

  private static String signed(
      JWTClaimsSet.Builder claims, JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
    var token =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID("one").build(), claims.build());
    token.sign(signer);
    return token.serialize();
  }

  private static Client as(String token) {
    return server.client().as(token);
  }

  @Test
  void aTokenGivesWhatItsClaimsAreWorth() throws JOSEException {
    Answer caller = as(signed(claims())).get("/api/v0/caller").expect(200);

    assertThat(caller.json().path("name").asString()).isEqualTo("ann@shop.example");
    assertThat(caller.json().path("id").asString()).isEqualTo("token:" + url + "#u1");
    assertThat(caller.json().path("roles").toString())
        .isEqualTo("[{\"project\":\"*\",\"role\":\"query\"}]");
    assertThat(caller.json().path("claims").path("groups").toString())
        .isEqualTo("[\"staff\",\"analysts\"]");
  }

  @Test
  void aTokenOfACiSystemBuildsItsProject() throws JOSEException {
    String token = signed(claims().claim("groups", null).claim("repository", "shop/models"));

    assertThat(as(token).get("/api/v0/caller").expect(200).json().path("roles").toString())
        .isEqualTo("[{\"project\":\"shop\",\"role\":\"build\"}]");
    assertThat(as(token).get(PROJECTS).expect(200).json()).isEmpty();
  }

  @Test
  void aTokenWithoutThoseClaimsGivesNothing() throws JOSEException {
    Client stranger = as(signed(claims().claim("groups", List.of("analyst", "analystsx"))));

    assertThat(stranger.get(PROJECTS).expect(200).json()).isEmpty();
    Refusal.check(stranger.get(PROJECTS + "/shop"), 404, "project_not_found");
    Refusal.check(stranger.get("/api/v0/keys"), 403, "forbidden");
  }

  @Test
  void tokensThatAreNotToBeTrustedOpenNothing() throws JOSEException {
    Instant now = Instant.now();
    byte[] publicKey = key.toRSAPublicKey().getEncoded();
    List<String> tokens =
        List.of(
            signed(claims().issuer("https://evil.example")),
            signed(claims().issuer(null)),
            signed(claims().audience("other")),
            signed(claims().audience((String) null)),
            signed(
                claims()
                    .issueTime(Date.from(now.minus(HOUR)))
                    .expirationTime(Date.from(now.minusSeconds(120)))),
            signed(claims().expirationTime(null)),
            signed(claims().notBeforeTime(Date.from(now.plusSeconds(300)))),
            signed(claims(), JWSAlgorithm.RS256, new RSASSASigner(otherKey)),
            signed(claims(), JWSAlgorithm.RS512, new RSASSASigner(key)),
            signed(claims(), JWSAlgorithm.HS256, new MACSigner(publicKey)),
            new PlainJWT(claims().build()).serialize(),
            signed(claims()).replaceFirst("\\.[^.]*$", "."),
            "a.b.c",
            "ey");
    for (String token : tokens) {
      Refusal.check(as(token).get(PROJECTS), 401, "unauthenticated");
    }
  }

  @Test
  void aClockThatIsALittleOffIsForgiven() throws JOSEException {
    Instant now = Instant.now();

    as(signed(
            claims()
                .issueTime(Date.from(now.minus(HOUR)))
                .expirationTime(Date.from(now.minusSeconds(10)))))
        .get(PROJECTS)
        .expect(200);
    as(signed(claims().notBeforeTime(Date.from(now.plusSeconds(10))))).get(PROJECTS).expect(200);
  }

  @Test
  void anIssuerThatDoesNotAnswerIsNotTheCallersFault() throws JOSEException {
    Answer answer = as(signed(claims().issuer("https://down.example"))).get(PROJECTS);

    Refusal.check(answer, 503, "issuer_unavailable");
    // Who brings another's is answered meanwhile.
    as(signed(claims())).get(PROJECTS).expect(200);
  }
}
