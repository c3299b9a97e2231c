package dev.ingot.project;

import dev.ingot.fault.StartupFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/**
 * Encrypts what must not lie readable on a disk: AES-256-GCM, as base64 of a version byte, the
 * nonce and the encrypted text with its tag.
 */
@Component
public class SecretBox {

  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeys keys;
  private final SecureRandom random = new SecureRandom();

  /**
   * @throws StartupFailure when a setting has no usable key
   */
  public SecretBox(SecretKeySettings settings, Home home) {
    keys = new SecretKeys(settings, home);
  }

  /**
   * @param owner whose secret it is; it opens for no other
   */
  public String seal(String plain, String owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, keys.existingOrNew(), nonce, owner)
              .doFinal(plain.getBytes(StandardCharsets.UTF_8));
      ByteBuffer box = ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length);
      box.put(VERSION).put(nonce).put(sealed);
      return Base64.getEncoder().encodeToString(box.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has AES-GCM", e);
    }
  }

  /**
   * @throws StartupFailure when the key isn't the one that it was sealed with, or it was changed
   */
  public String open(String sealed, String owner) {
    try {
      ByteBuffer box = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
      if (box.remaining() <= 1 + NONCE_BYTES || box.get() != VERSION) {
        throw new IllegalArgumentException("no sealed secret");
      }
      byte[] nonce = new byte[NONCE_BYTES];
      box.get(nonce);
      byte[] content = new byte[box.remaining()];
      box.get(content);
      return new String(
          cipher(Cipher.DECRYPT_MODE, keys.existing(), nonce, owner).doFinal(content),
          StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new StartupFailure(
          "The secrets of project '%s' can't be decrypted with the key of %s"
              .formatted(owner, keys.source()),
          "Give the key that they were encrypted with, by ingot.secret-key or ingot.secret-key-file; nothing was changed",
          e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String owner)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
