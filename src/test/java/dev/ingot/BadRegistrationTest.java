package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Projects and packages that cannot be registered as they are given. */
class BadRegistrationTest extends BadInput {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "..",
        ".",
        "a..b",
        "../a",
        "a/b",
        "a\\\\b",
        "a\\u0000b",
        "%2e%2e",
        "a b",
        "-a",
        ".a",
        "a.",
        "ä",
        "a;b",
        "a'b",
        "\\ud83d\\ude00",
        "TOOLONG"
      })
  void aNameThatCouldNotBeAFolderIsRefusedInABody(String name) {
    String actual = name.equals("TOOLONG") ? "a".repeat(65) : name;
    String location = server.packageFolder("good").toString();

    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"%s\"}".formatted(actual)), 400, "invalid_name");
    Refusal.check(
        client.post(
            API + "/projects/p/packages",
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(actual, location)),
        400,
        "invalid_name");
  }

  @Test
  void aNameThatIsTakenIsAConflict() {
    Refusal.check(client.post(API + "/projects", "{\"name\":\"p\"}"), 409, "project_exists");
    Refusal.check(
        register("good", server.packageFolder("good").toString()), 409, "package_exists", "PATCH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/package",
        "gs://bucket/package",
        "https://example.org/package.zip",
        "git@example.org:team/package.git",
        "ssh://example.org/package",
        "file:///etc",
        "S3://x"
      })
  void aRemoteLocationIsRefusedWithAWayOut(String location) {
    Refusal.check(register("r", location), 400, "invalid_location", "remote", "copy the package");
  }

  @Test
  void aLocationOutsideTheRootsIsRefused(@TempDir Path elsewhere) throws IOException {
    Path real = elsewhere.toRealPath();
    PackageFiles.orders(real.resolve("package"), MODEL);
    Path link = Files.createSymbolicLink(folder.resolve("packages/link"), real.resolve("package"));
    Path deep = Files.createSymbolicLink(folder.resolve("packages/deep"), real);

    for (String location :
        List.of(
            "/",
            "/etc",
            real.resolve("package").toString(),
            link.toString(),
            deep.resolve("package").toString(),
            server.packageFolder("good") + "/../../../" + real.getFileName() + "/package")) {
      Refusal.check(register("outside", location), 400, "invalid_location");
    }
    Refusal.check(
        client.patch(K, JSON.writeValueAsString(Map.of("location", link.toString()))),
        400,
        "invalid_location",
        "ingot.package-roots");
  }

  @Test
  void aLocationInOrAroundTheHomeIsRefused() throws IOException {
    Path home = folder.resolve("home");
    Path link = Files.createSymbolicLink(folder.resolve("packages/home"), home);
    Path database = home.resolve("databases/p/good");
    PackageFiles.create(database).model("m.malloy", "");

    for (Path location : List.of(home, folder, database, link, link.resolve("databases/p/good"))) {
      Refusal.check(register("inside", location.toString()), 400, "invalid_location", "home");
    }
    Refusal.check(register("inside", home.resolve("packages").toString()), 400, "invalid_location");
  }

  @Test
  void aLocationThatIsNoFolderIsRefused() {
    for (String location :
        List.of(
            "",
            " ",
            "none/such",
            folder + "/packages/none",
            server.packageFolder("good") + "/publisher.json",
            "a\u0000b",
            "x".repeat(5000))) {
      Refusal.check(register("nofolder", location), 400, "invalid_location");
    }
  }

  @Test
  void aPackageMustHaveAReadablePublisherJson() throws IOException {
    Path bad = server.packageFolder("no-publisher");
    PackageFiles files = PackageFiles.create(bad).model("m.malloy", "");

    for (String text : List.of("{", "[]", "5", "null", "", "{\"name\":{}}", "{\"version\":[1]}")) {
      files.file("publisher.json", text);
      Answer answer = register("no-publisher", bad.toString());
      Refusal.check(answer, 400, "invalid_package", "publisher.json");
    }
    Files.write(bad.resolve("publisher.json"), new byte[] {'"', (byte) 0xff, '"'});
    Refusal.check(
        register("no-publisher", bad.toString()), 400, "invalid_package", "publisher.json");
    Files.delete(bad.resolve("publisher.json"));
    Refusal.check(
        register("no-publisher", bad.toString()), 400, "invalid_package", "publisher.json");
  }

  @Test
  void aModelThatCannotBeReadIsNobodyElsesProblem() throws IOException {
    Path odd = server.packageFolder("odd-models");
    PackageFiles.create(odd).model("fine.malloy", "");
    Files.write(odd.resolve("latin.malloy"), new byte[] {'#', '#', (byte) 0xe4, '\n'});
    Files.write(odd.resolve("huge.malloy"), new byte[20 * MEGABYTE]);

    register("odd-models", odd.toString()).expect(201);

    JsonNode models = client.get(API + "/projects/p/packages/odd-models/models").expect(200).json();
    assertThat(models.valueStream())
        .extracting(model -> model.path("path").asString() + " " + model.path("error").isNull())
        .containsExactly("fine.malloy true", "huge.malloy false", "latin.malloy false");
    assertThat(models.toString()).contains("UTF-8", "ingot.package.model-size");
  }

  @Test
  void everyModelThatIsNotInThePackageIsNamed() throws IOException {
    Path bad = server.packageFolder("bad-models");
    PackageFiles.create(bad).model("fine.malloy", "");
    Files.createSymbolicLink(bad.resolve("dangling.malloy"), bad.resolve("none"));
    Files.createSymbolicLink(
        bad.resolve("leading-out.malloy"), server.packageFolder("good").resolve("orders.malloy"));

    Answer answer = register("bad-models", bad.toString());

    Refusal.check(answer, 400, "invalid_package");
    assertThat(answer.json().path("problems").valueStream())
        .extracting(problem -> problem.path("model").asString())
        .containsExactlyInAnyOrder("dangling.malloy", "leading-out.malloy");
    assertThat(client.get(API + "/projects/p/packages/bad-models").status()).isEqualTo(404);
  }

  @Test
  void aPackageMustHaveAModel() {
    Path bad = server.packageFolder("no-model");
    PackageFiles.create(bad).file("data/x.csv", "a\n1\n");

    Refusal.check(register("no-model", bad.toString()), 400, "invalid_package", ".malloy");
  }

  @Test
  void aProjectIsCreatedWithAllOfItsPackagesOrNotAtAll() {
    String body =
        """
        {"name":"half","packages":[
          {"name":"a","location":"%s"},{"name":"b","location":"none/such"}]}
        """
            .formatted(server.packageFolder("good"));

    Refusal.check(client.post(API + "/projects", body), 400, "invalid_location");
    assertThat(projectNames()).containsExactly("p");
  }

  @Test
  void whatThisVersionDoesNotSupportIsRefused() {
    Refusal.check(client.patch(API + "/projects/p", "{\"name\":\"q\"}"), 400, "not_supported");
    Refusal.check(client.patch(K, "{\"name\":\"other\"}"), 400, "not_supported");
    assertThat(projectNames()).containsExactly("p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'x' | bad_request | object",
        "[] | bad_request | object",
        "5 | bad_request | object",
        "{} | bad_request | catalogUrl",
        "{'catalogUrl':5} | bad_request | catalogUrl",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d'} | bad_request | dataPath",
        "{'catalogURL':'x'} | unknown_field | did you mean 'catalogUrl'",
        "{'catalogUrl':'s3cr3t','dataPath':'file:///x'} | invalid_storage | postgres://",
        "{'catalogUrl':'postgres://u:s3cr3t %@h/d','dataPath':'file:///x'} | invalid_storage | URL",
        "{'catalogUrl':'mysql://u:s3cr3t@h/d','dataPath':'file:///x'} | invalid_storage | postgres://",
        "{'catalogUrl':'postgres://h/d','dataPath':'file:///x'} | invalid_storage | user",
        "{'catalogUrl':'postgres://u:s3cr3t@h','dataPath':'file:///x'} | invalid_storage | database",
        "{'catalogUrl':'postgres://u:***@h/d','dataPath':'file:///x'} | invalid_storage | masked",
        "{'catalogUrl':'postgres://u%00x:s3cr3t@h/d','dataPath':'file:///x'} | invalid_storage | control",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d?socketFactory=x','dataPath':'file:///x'} | invalid_storage | sslmode",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'/x'} | invalid_storage | dataPath",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'file:///x/../y'} | invalid_storage | dataPath",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'file:///x','bucket':{'accessKeyId':'k','secretAccessKey':'s3cr3t'}} | invalid_storage | folder",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{}} | bad_request | accessKeyId",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k'}} | bad_request | secretAccessKey",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':'***'}} | invalid_storage | masked",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':' '}} | invalid_storage | empty",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':'s3cr3t','endpoint':'http://h:1'}} | invalid_storage | endpoint",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'acessKeyId':'k'}} | unknown_field | did you mean 'accessKeyId'",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'pathStyle':'s3cr3t'}} | bad_request | pathStyle",
      })
  void aStorageThatCannotBeOneIsRefusedWithoutItsSecrets(String json, String code, String word) {
    String storage = "{\"materializationStorage\":" + json.replace('\'', '"');

    for (Answer answer :
        List.of(
            client.post(API + "/projects", storage + ",\"name\":\"q\"}"),
            client.patch(API + "/projects/p", storage + "}"))) {
      Refusal.check(answer, 400, code, word);
      assertThat(answer.text()).doesNotContain("s3cr3t");
    }
    assertThat(projectNames()).containsExactly("p");
  }

  private static Answer register(String name, String location) {
    return client.post(
        API + "/projects/p/packages",
        JSON.writeValueAsString(Map.of("name", name, "location", location)));
  }
}
