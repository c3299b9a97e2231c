package dev.ingot.access;

import dev.ingot.project.Sha256;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody has who has a key: {@code ingot_<id>_<secret>}. Its secret has 256 bits, so that a
 * plain hash gives nothing away.
 */
record KeyText(String id, String text) {

  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("ingot_([0-9a-f]{16})_[0-9a-f]{64}");

  static KeyText make() {
    String id = random(ID_BYTES);
    return new KeyText(id, "ingot_%s_%s".formatted(id, random(SECRET_BYTES)));
  }

  /** Empty when it is no key of Ingot's. */
  static Optional<KeyText> of(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? Optional.of(new KeyText(form.group(1), text)) : Optional.empty();
  }

  String hash() {
    return hash(text);
  }

  /** Of any text that is as hard to guess. */
  static String hash(String text) {
    var digest = new Sha256();
    digest.add(text);
    return digest.hex();
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return id;
  }
}
