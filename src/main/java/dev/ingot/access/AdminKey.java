package dev.ingot.access;

import dev.ingot.fault.StartupFailure;
import dev.ingot.project.KeyFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The key that the settings give to an admin of everything. Only its hash stays in memory. */
@Component
class AdminKey {

  private static final int MIN_CHARACTERS = 32;
  private static final String VALUE = "ingot.access.admin-key";
  private static final String FILE = "ingot.access.admin-key-file";
  private static final Caller ADMIN = new Caller("admin-key", "admin", Grants.ALL, Map.of());

  private final @Nullable String hash;

  /**
   * @throws StartupFailure when a setting has no usable key
   */
  AdminKey(AccessSettings settings) {
    if (settings.adminKey() != null) {
      hash = hash(VALUE, settings.adminKey());
    } else if (settings.adminKeyFile() != null) {
      hash = hash(FILE, KeyFile.read(FILE, Path.of(settings.adminKeyFile())));
    } else {
      hash = null;
    }
  }

  private static String hash(String setting, String key) {
    if (key.length() < MIN_CHARACTERS || !key.chars().allMatch(AdminKey::mayStandInHeader)) {
      throw new StartupFailure(
          "The key of %s can't be used".formatted(setting),
          "Give at least %d letters, digits, '-', '.', '_' and '~', such as 'openssl rand -hex 32' makes them"
              .formatted(MIN_CHARACTERS));
    }
    return KeyText.hash(key);
  }

  /** What a bearer's token may have (RFC 6750). */
  private static boolean mayStandInHeader(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
  }

  Optional<Caller> caller(String text) {
    return hash != null && ApiKeys.isEqual(hash, KeyText.hash(text))
        ? Optional.of(ADMIN)
        : Optional.empty();
  }
}
