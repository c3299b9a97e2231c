package dev.ingot.project;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed opens with the same key, for the same owner, as it was, and not otherwise. */
class SecretBoxTest {

  private static final String PLAIN = "p\u00e4ss:w\u00f6rd";
  private static final String TEXT = "sixteen letters!";

  @TempDir Path folder;

  private Home home() {
    return new Home(new HomeSettings(folder.toString(), List.of(folder.toString())));
  }

  private SecretBox box(@Nullable String key, @Nullable String file) {
    return new SecretBox(new SecretKeySettings(key, file), home());
  }

  @Test
  void aTextIsAKeyThatOpensAgainWhateverTheHome() {
    String sealed = box(TEXT, null).seal(PLAIN, "shop");

    assertThat(box(TEXT, null).open(sealed, "shop")).isEqualTo(PLAIN);
    assertThat(folder.resolve("secret.key")).doesNotExist();
  }

  @Test
  void thirtyTwoBytesInBase64AreAKeyToo() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);

    assertThat(box(key, null).open(box(key, null).seal(PLAIN, "shop"), "shop")).isEqualTo(PLAIN);
  }

  @Test
  void theSameKeyMayLieInAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), TEXT + "\n");

    String sealed = box(null, file.toString()).seal(PLAIN, "shop");

    assertThat(box(TEXT, null).open(sealed, "shop")).isEqualTo(PLAIN);
  }

  @Test
  void withoutASettingTheHomeGetsAKeyThatOnlyItsOwnerReads() throws IOException {
    SecretBox box = box(null, null);
    Path file = folder.resolve("secret.key");
    assertThat(file).as("before there is a secret").doesNotExist();

    String sealed = box.seal(PLAIN, "shop");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(box(null, null).open(sealed, "shop")).isEqualTo(PLAIN);
  }

  @Test
  void nothingSealedTwiceLooksTheSameAndNothingOfItIsReadable() {
    SecretBox box = box(TEXT, null);

    assertThat(box.seal(PLAIN, "shop")).isNotEqualTo(box.seal(PLAIN, "shop"));
    assertThat(new String(Base64.getDecoder().decode(box.seal("plain", "shop")), ISO_8859_1))
        .doesNotContain("plain");
  }

  @Test
  void anotherKeyIsRefusedWithTheSettingThatHasIt() {
    String sealed = box(TEXT, null).seal(PLAIN, "shop");

    assertThatThrownBy(() -> box("sixteen others!!", null).open(sealed, "shop"))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("ingot.secret-key")
        .hasMessageNotContainingAny(TEXT, "sixteen others!!", PLAIN);
  }

  @Test
  void aKeyOfTheHomeThatIsGoneIsNotReplaced() throws IOException {
    String sealed = box(null, null).seal(PLAIN, "shop");
    Files.delete(folder.resolve("secret.key"));

    assertThatThrownBy(() -> box(null, null).open(sealed, "shop"))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("secret.key");
    assertThat(folder.resolve("secret.key")).doesNotExist();
  }

  @Test
  void whatWasSealedForAnotherOrWasChangedDoesNotOpen() {
    SecretBox box = box(TEXT, null);
    byte[] sealed = Base64.getDecoder().decode(box.seal(PLAIN, "shop"));
    for (int place = 0; place < sealed.length; place++) {
      byte[] changed = sealed.clone();
      changed[place] ^= 1;
      assertThatThrownBy(() -> box.open(Base64.getEncoder().encodeToString(changed), "shop"))
          .isInstanceOf(StartupFailure.class);
    }
    String whole = Base64.getEncoder().encodeToString(sealed);
    assertThatThrownBy(() -> box.open(whole, "other")).isInstanceOf(StartupFailure.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "fifteen letters"})
  void aKeyThatIsTooShortKeepsTheServerFromStarting(String key) {
    assertThatThrownBy(() -> box(key, null))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("ingot.secret-key");
  }

  @Test
  void aKeyFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> box(null, folder.resolve("none").toString()))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("ingot.secret-key-file");
  }

  @Test
  void noTextFormHasTheKey() {
    assertThat(new SecretKeySettings(TEXT, null).toString()).doesNotContain(TEXT);
  }
}
