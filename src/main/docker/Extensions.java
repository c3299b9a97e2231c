import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Makes a folder an extension repository for the DuckDB on the class path, so that nothing is
 * fetched at run time: {@code java -cp 'lib/*' Extensions.java FOLDER [REPOSITORY]}. Without a
 * repository DuckDB's own is asked. The signatures are checked, here and again at run time.
 */
public class Extensions {

  private static final List<String> NAMES = List.of("ducklake", "postgres_scanner", "httpfs", "azure");

  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Path.of(args[0]);
    String from = args.length > 1 && !args[1].isEmpty() ? " FROM '" + args[1] + "'" : "";
    Path installed = Files.createTempDirectory("extensions");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("SET extension_directory = '" + installed + "'");
      for (String name : NAMES) {
        statement.execute("INSTALL " + name + from);
        statement.execute("LOAD " + name);
      }
    }
    List<Path> files;
    try (var walk = Files.walk(installed)) {
      files = walk.filter(file -> file.toString().endsWith(".duckdb_extension")).toList();
    }
    for (Path file : files) {
      Path packed = folder.resolve(installed.relativize(file) + ".gz");
      Files.createDirectories(packed.getParent());
      try (var out = new GZIPOutputStream(Files.newOutputStream(packed))) {
        Files.copy(file, out);
      }
      System.out.println("DuckDB extension: " + packed);
    }
  }
}
