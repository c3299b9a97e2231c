package dev.ingot.project;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads a package's folder. Every violation is collected, then all are thrown at once. */
@Component
public class PackageFolder {

  private static final Set<String> DATA_ENDINGS =
      Set.of("csv", "tsv", "parquet", "json", "ndjson", "jsonl");

  private static final Pattern COMPRESSED = Pattern.compile("(?i)\\.(gz|zst)$");

  private final PackageLimits limits;
  private final JsonMapper json;

  PackageFolder(PackageLimits limits) {
    this.limits = limits;
    // Others write keys of their own into publisher.json.
    json = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  }

  /** True when a file of this name holds rows that a model can read. */
  public static boolean isDataFile(String name) {
    String plain = COMPRESSED.matcher(name).replaceFirst("");
    int dot = plain.lastIndexOf('.');
    return dot > 0 && DATA_ENDINGS.contains(plain.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * @throws Fault INVALID_PACKAGE with one problem for each thing that is wrong
   */
  public PackageSnapshot read(PackageRegistration registration) {
    List<Problem> problems = new ArrayList<>();
    PublisherJson manifest = manifest(registration.folder(), problems);
    PackageWalk found = walk(registration.folder(), problems);
    var models = new LinkedHashMap<String, String>();
    var unreadable = new LinkedHashMap<String, String>();
    found.models().forEach((path, file) -> readModel(path, file, models, unreadable));
    if (found.models().isEmpty()) {
      problems.add(Problem.error("no_model", "the package has no .malloy file"));
    }
    refuseCaseTwins(found, problems);
    if (!problems.isEmpty()) {
      throw new Fault(
          FaultCode.INVALID_PACKAGE,
          "Package %s can't be read: %s".formatted(registration.key(), problems.getFirst().text()),
          problems);
    }
    return new PackageSnapshot(
        registration.key(),
        registration.folder(),
        hash(manifest, models, unreadable, found.data()),
        manifest,
        models,
        unreadable,
        List.copyOf(found.data().keySet()));
  }

  /** SQL names have no case, so one of the two would be read where the other is meant. */
  private static void refuseCaseTwins(PackageWalk found, List<Problem> problems) {
    var folded = new HashMap<String, String>();
    for (String path : found.data().keySet()) {
      String twin = folded.putIfAbsent(path.toLowerCase(Locale.ROOT), path);
      if (twin != null) {
        problems.add(
            Problem.error(
                "data_file_twins",
                "the data files %s and %s differ only in case: rename one".formatted(twin, path)));
      }
    }
  }

  private PublisherJson manifest(Path folder, List<Problem> problems) {
    Path file = folder.resolve("publisher.json");
    try {
      if (!file.toRealPath().startsWith(folder)
          || Files.size(file) > limits.modelSize().toBytes()) {
        problems.add(
            Problem.error(
                "publisher_json_invalid",
                "publisher.json must lie in the package and have at most %d bytes"
                    .formatted(limits.modelSize().toBytes())));
        return PublisherJson.NONE;
      }
      PublisherJson manifest =
          json.readValue(withoutMark(Files.readString(file)), PublisherJson.class);
      if (manifest != null) {
        problems.addAll(manifest.errors());
        return manifest;
      }
      // The text "null" is valid JSON and yet nothing.
      problems.add(
          Problem.error("publisher_json_invalid", "publisher.json: expected an object, not null"));
    } catch (IOException e) {
      problems.add(
          Problem.error(
              "publisher_json_missing",
              "publisher.json is missing or unreadable: create it with name, version and description"));
    } catch (JacksonException e) {
      problems.add(
          Problem.error("publisher_json_invalid", "publisher.json: " + e.getOriginalMessage()));
    }
    return PublisherJson.NONE;
  }

  private PackageWalk walk(Path folder, List<Problem> problems) {
    var found = new PackageWalk(folder, problems);
    try {
      Files.walkFileTree(folder, found);
    } catch (IOException e) {
      problems.add(
          Problem.error("folder_unreadable", "the folder can't be read: " + e.getMessage()));
    }
    if (found.models().size() > limits.models()) {
      problems.add(
          Problem.error(
              "too_many_models",
              "%d model files; the limit is %d (ingot.package.models)"
                  .formatted(found.models().size(), limits.models())));
    }
    if (found.data().size() > limits.dataFiles()) {
      problems.add(
          Problem.error(
              "too_many_data_files",
              "%d data files; the limit is %d (ingot.package.data-files)"
                  .formatted(found.data().size(), limits.dataFiles())));
    }
    return found;
  }

  /**
   * One that can't be read is a model all the same, and nobody else's problem.
   *
   * @param unreadable why, by path
   */
  private void readModel(
      String path,
      Path file,
      SequencedMap<String, String> models,
      SequencedMap<String, String> unreadable) {
    models.put(path, "");
    try {
      long size = Files.size(file);
      if (size > limits.modelSize().toBytes()) {
        unreadable.put(
            path,
            "The model has %d bytes; the limit is %d (ingot.package.model-size)"
                .formatted(size, limits.modelSize().toBytes()));
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      models.put(path, withoutMark(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()));
    } catch (CharacterCodingException e) {
      unreadable.put(path, "The model is not UTF-8 text: save it with that encoding");
    } catch (IOException e) {
      unreadable.put(path, "The model's file can't be read");
    }
  }

  /** Without the byte order mark that some editors put in front, which is no part of the text. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String hash(
      PublisherJson manifest,
      Map<String, String> models,
      Map<String, String> unreadable,
      Map<String, String> data) {
    var digest = new Sha256();
    if (!manifest.surface().isEmpty()) {
      digest.add("surface", manifest.surface());
    }
    models.forEach((path, text) -> digest.add("model", path, text));
    unreadable.forEach((path, why) -> digest.add("unreadable", path, why));
    data.forEach((path, stamp) -> digest.add("data", path, stamp));
    return digest.hex();
  }
}
