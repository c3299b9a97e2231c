package dev.ingot.configuration;

import dev.ingot.configuration.FileText.UnreadableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file and asks nobody else whether what it says is possible.
 *
 * <ol>
 *   <li>Its text becomes a tree, in which everything has a place: JSON where the name ends so, else
 *       YAML.
 *   <li>Variables of the environment are put into the texts of the tree.
 *   <li>The tree is read as the bodies of requests are.
 *   <li>The bodies are taken for what they say, as requests are.
 * </ol>
 *
 * <p>Each step tells all that is wrong in it, and the next one looks at the rest.
 */
public final class ConfigurationReader {

  private ConfigurationReader() {}

  /**
   * @param environment the variables that texts may name
   */
  public static Reading read(Path file, Map<String, String> environment) {
    var told = new Telling();
    Optional<Declared> declared = read(file, environment, told);
    // What the upstream system's files may have beside is no mistake of whoever wrote them.
    boolean foreign = Upstream.wrote(file) && declared.isPresent();
    List<Mistake> mistakes = foreign ? told.mistakes() : told.all();
    return declared.isPresent() && mistakes.isEmpty()
        ? new Reading.Right(declared.get(), told.foreign())
        : new Reading.Wrong(mistakes);
  }

  private static Optional<Declared> read(Path file, Map<String, String> environment, Telling told) {
    String text;
    try {
      text = FileText.of(file);
    } catch (UnreadableException e) {
      told.mistake("", null, "the file " + e.why());
      return Optional.empty();
    }
    Optional<Tree> found = TreeReader.read(text, isYaml(file), told);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Tree tree = Upstream.wrote(file) ? Upstream.renamed(found.get()) : found.get();
    Set<String> replaced = Variables.replace(tree, environment, told);
    var bodies = new Bodies(tree, file.toAbsolutePath(), told);
    return new BodyReader(tree, replaced, told).read().map(bodies::declared);
  }

  private static boolean isYaml(Path file) {
    return !file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
  }
}
