package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that lies elsewhere and may be read by DuckDB: what begins with a prefix, or a database
 * that is attached under a name.
 *
 * @param name of a database, as models say it before schema and table; of a prefix, for people
 * @param prefix with a slash at its end; null for a database
 * @param bucket how a bucket is reached; null for other types
 * @param azure how a container of Azure's is reached; null for other types
 * @param postgres how a database is reached; null for other types
 */
public record AttachedDatabase(
    String name,
    Type type,
    @Nullable String prefix,
    @Nullable BucketAccess bucket,
    @Nullable AzureAccess azure,
    @Nullable PostgresSettings postgres) {

  /** As clients of the API name it, in lower case. */
  public enum Type {
    S3("s3://"),
    GCS("gs://"),
    AZURE("az://"),
    HTTPS("https://"),
    POSTGRES("");

    private final String scheme;

    Type(String scheme) {
      this.scheme = scheme;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
      return Arrays.stream(values()).map(Type::word).toList();
    }

    public static Optional<Type> of(String word) {
      return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
  }

  /** What {@link #name} matches. */
  public static final String NAME = "^[A-Za-z_][A-Za-z0-9_]{0,62}$";

  private static final Pattern NAMES = Pattern.compile(NAME);

  /** What DuckDB or Ingot has under such a name already. */
  private static final Set<String> TAKEN =
      Set.of("information_schema", "main", "package", "pg_catalog", "system", "temp");

  private static final Pattern BUCKET =
      Pattern.compile("(s3|gs)://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/([A-Za-z0-9_.=@+-]+/)*");

  private static final Pattern CONTAINER =
      Pattern.compile("az://([a-z0-9](?:-?[a-z0-9]){2,62})/([A-Za-z0-9_.=@+-]+/)*");

  private static final Pattern UPWARDS = Pattern.compile("/\\.{1,2}/");

  /** Plain http is for the networks of one's own, which are named in the settings. */
  private static final Pattern SITE =
      Pattern.compile(
          "https?://([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+])(:([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5]))?/([A-Za-z0-9_.=@+~-]+/)*");

  /**
   * @throws Fault INVALID_CONNECTION
   */
  public AttachedDatabase {
    require(
        NAMES.matcher(name).matches() && !TAKEN.contains(name.toLowerCase(Locale.ROOT)),
        name,
        "its name must be 1 to 63 letters, digits and _, not beginning with a digit, and none of "
            + TAKEN.stream().sorted().toList());
    switch (type) {
      case S3, GCS -> {
        require(bucket != null, name, "it has no access to its bucket");
        requirePrefix(name, type, prefix, BUCKET);
      }
      case AZURE -> {
        require(azure != null, name, "it has no access to its container");
        requirePrefix(name, type, prefix, CONTAINER);
      }
      case HTTPS -> requirePrefix(name, type, prefix, SITE);
      case POSTGRES -> {
        requireDatabase(name, postgres);
        require(prefix == null, name, "'prefix' is for buckets and sites");
      }
    }
  }

  private static void requireDatabase(String name, @Nullable PostgresSettings postgres) {
    require(postgres != null, name, "it has no 'postgresConnection'");
    require(
        postgres == null || (postgres.schema() == null && postgres.properties().isEmpty()),
        name,
        "'schema' and 'properties' are not for databases that DuckDB reads");
  }

  private static void requirePrefix(
      String name, Type type, @Nullable String prefix, Pattern pattern) {
    String form = type.scheme + (type == Type.HTTPS ? "host/folder/" : "bucket/folder/");
    require(
        prefix != null
            && prefix.startsWith(type == Type.HTTPS ? "http" : type.scheme)
            && pattern.matcher(prefix).matches()
            && !UPWARDS.matcher(prefix).find(),
        name,
        "'prefix' must be a folder of what may be read, with a slash at its end, such as " + form);
  }

  private static void require(boolean holds, String name, String otherwise) {
    if (!holds) {
      throw new Fault(
          FaultCode.INVALID_CONNECTION,
          "Attached database '%s': %s".formatted(Printable.of(name), otherwise));
    }
  }

  /** Where it leads, without who asks: what was read from elsewhere is other data. */
  public String identity() {
    if (postgres != null) {
      return postgres.identity();
    }
    if (azure != null) {
      return prefix + " at " + azure.endpoint();
    }
    String endpoint = bucket == null ? null : bucket.endpoint();
    return endpoint == null ? String.valueOf(prefix) : prefix + " at " + endpoint;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s (%s)".formatted(name, postgres == null ? prefix : postgres);
  }
}
