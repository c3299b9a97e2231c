package dev.ingot.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ingot.fault.Fault;
import dev.ingot.fault.Problem;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class PackageFolderTest {

  @TempDir Path folder;

  private final PackageFolder reader =
      new PackageFolder(new PackageLimits(DataSize.ofKilobytes(1), 2, 2));
  private PackageFiles files;

  @BeforeEach
  void create() {
    files = PackageFiles.create(folder.resolve("package")).file("a.malloy", "source: a is b");
  }

  @Test
  void theSameContentHasTheSameHashAndAChangeOfDataHasAnother() {
    files.file("data/x.csv", "id\n1\n");
    String before = read().hash();

    assertThat(read().hash()).isEqualTo(before);
    files.file("data/x.csv", "id\n1\n2\n");
    assertThat(read().hash()).isNotEqualTo(before);
  }

  @Test
  void hiddenFoldersAreNotPartOfThePackage() {
    files.file(".git/x.malloy", "no").file(".git/x.csv", "no");

    assertThat(read().models()).containsOnlyKeys("a.malloy");
    assertThat(read().dataFiles()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "orders.csv, true",
    "orders.CSV, true",
    "orders.csv.gz, true",
    "orders.json.zst, true",
    "orders.gz, false",
    "csv, false",
    ".csv, false",
    "orders.txt, false",
  })
  void dataFilesAreKnownByTheirEnding(String name, boolean data) {
    assertThat(PackageFolder.isDataFile(name)).isEqualTo(data);
  }

  @Test
  void dataFilesThatDifferOnlyInCaseAreRefused() {
    files.file("data/X.csv", "id\n1\n").file("data/x.csv", "id\n2\n");

    assertRefused("data_file_twins");
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void whatIsOverALimitIsRefused(String code, String first, String second) {
    files.file(first, "x".repeat(1025)).file(second, "x").file("z." + ending(second), "x");

    assertRefused(code);
  }

  static Stream<Arguments> tooMuch() {
    return Stream.of(
        arguments("too_many_models", "b.malloy", "c.malloy"),
        arguments("too_many_data_files", "b.csv", "c.csv"),
        arguments("publisher_json_invalid", "publisher.json", "b.csv"));
  }

  @Test
  void aModelThatCannotBeReadIsAModelWithoutText() throws IOException {
    files.file("big.malloy", "x".repeat(1025));
    assertThat(read().unreadable()).containsOnlyKeys("big.malloy");
    assertThat(read().models()).containsOnlyKeys("a.malloy", "big.malloy");

    Files.write(files.folder().resolve("big.malloy"), new byte[] {'/', '/', (byte) 0xe9});
    String before = read().hash();
    assertThat(read().unreadable().get("big.malloy")).contains("UTF-8");
    files.file("big.malloy", "//");
    assertThat(read().unreadable()).isEmpty();
    assertThat(read().hash()).isNotEqualTo(before);
  }

  @Test
  void aPublisherJsonThatIsALinkOutOfThePackageIsRefused() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside.json"), "{\"name\":\"secret\"}");
    Files.delete(files.folder().resolve("publisher.json"));
    Files.createSymbolicLink(files.folder().resolve("publisher.json"), outside);

    assertRefused("publisher_json_invalid");
  }

  private PackageSnapshot read() {
    return reader.read(
        new PackageRegistration(
            PackageKey.of("p", "k"), "package", files.folder(), null, false, Instant.EPOCH));
  }

  private void assertRefused(String code) {
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            Fault.class,
            fault -> assertThat(fault.problems()).extracting(Problem::code).contains(code));
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
