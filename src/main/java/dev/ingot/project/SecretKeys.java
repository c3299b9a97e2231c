package dev.ingot.project;

import dev.ingot.fault.StartupFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Where the key for secrets comes from: a setting, a file, or a file in the home that is made when
 * the first secret is kept.
 */
final class SecretKeys {

  private static final int BYTES = 32;
  private static final int MIN_CHARACTERS = 16;

  /** What OWASP asks for with this function; once for each start that has a secret. */
  private static final int ROUNDS = 600_000;

  private static final byte[] SALT = "ingot.secret-key".getBytes(StandardCharsets.UTF_8);
  private static final String MEND =
      "Give at least %d characters, or base64 of %d bytes".formatted(MIN_CHARACTERS, BYTES);

  private final Path own;
  private final String source;
  private final @Nullable String text;
  private @Nullable SecretKey key;

  /**
   * @throws StartupFailure when a setting has no usable key
   */
  SecretKeys(SecretKeySettings settings, Home home) {
    own = home.secretKeyFile();
    if (settings.secretKey() != null) {
      source = "ingot.secret-key";
      text = checked(settings.secretKey());
    } else if (settings.secretKeyFile() != null) {
      source = "ingot.secret-key-file";
      text = checked(KeyFile.read(source, Path.of(settings.secretKeyFile())));
    } else {
      source = own.toString();
      text = null;
    }
  }

  /** The setting or the file that the key is from. */
  String source() {
    return source;
  }

  /**
   * The key, as far as there is one.
   *
   * @throws StartupFailure when the home's own is gone
   */
  synchronized SecretKey existing() {
    if (key == null) {
      if (text == null && !Files.exists(own)) {
        throw new StartupFailure(
            "The key of the secrets in the state, %s, is missing".formatted(own),
            "Restore it from a backup, or give the key with ingot.secret-key or ingot.secret-key-file; nothing was changed");
      }
      key = derive(text == null ? checked(KeyFile.read(source, own)) : text);
    }
    return key;
  }

  /** The key, which is made now when there is none. */
  synchronized SecretKey existingOrNew() {
    if (key == null && text == null && !Files.exists(own)) {
      generate();
    }
    return existing();
  }

  private String checked(String given) {
    if (given.length() < MIN_CHARACTERS) {
      throw new StartupFailure("The key of %s is too short".formatted(source), MEND);
    }
    return given;
  }

  /** 32 bytes are the key; from a text that somebody made up it takes long to try others. */
  private static SecretKey derive(String text) {
    byte[] bytes = decoded(text);
    if (bytes.length == BYTES) {
      return new SecretKeySpec(bytes, "AES");
    }
    try {
      var spec = new PBEKeySpec(text.toCharArray(), SALT, ROUNDS, BYTES * Byte.SIZE);
      byte[] derived =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return new SecretKeySpec(derived, "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has PBKDF2", e);
    }
  }

  private static byte[] decoded(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  /** Appears as a whole or not at all, and is never readable for others. */
  private void generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    ByteBuffer line =
        ByteBuffer.wrap(
            (Base64.getEncoder().encodeToString(bytes) + "\n").getBytes(StandardCharsets.US_ASCII));
    Path unfinished = own.resolveSibling(own.getFileName() + ".new");
    try {
      Files.deleteIfExists(unfinished);
      try (FileChannel file =
          FileChannel.open(
              unfinished,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              ownerOnly())) {
        while (line.hasRemaining()) {
          file.write(line);
        }
        file.force(true);
      }
      Files.move(unfinished, own, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't write " + own, e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    Set<String> views = FileSystems.getDefault().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
