package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a Malloy package into a folder. */
public final class PackageFiles {

  /** The line that a model with persist sources begins with. */
  public static final String PERSISTENCE = "##! experimental.persistence\n";

  private final Path folder;

  private PackageFiles(Path folder) {
    this.folder = folder;
  }

  /** A new package with a publisher.json and nothing else. */
  public static PackageFiles create(Path folder) {
    return new PackageFiles(folder)
        .file(
            "publisher.json",
            "{\"name\":\"test\",\"version\":\"1.0.0\",\"description\":\"A test\"}");
  }

  /**
   * A package with {@code data/orders.csv} (id, customer, item, amount; six rows) and one model.
   */
  public static PackageFiles orders(Path folder, String model) {
    return create(folder)
        .file(
            "data/orders.csv",
            """
            id,customer,item,amount
            1,ann,pen,10
            2,ann,ink,20
            3,bob,pen,30
            4,bob,ink,40
            5,cid,pen,50
            6,cid,ink,60
            """)
        .model("orders.malloy", model);
  }

  /** Writes a model with the persistence flag in front. */
  public PackageFiles model(String path, String text) {
    return file(path, PERSISTENCE + text);
  }

  public PackageFiles file(String path, String text) {
    try {
      Path file = folder.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path folder() {
    return folder;
  }
}
