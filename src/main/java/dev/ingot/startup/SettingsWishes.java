package dev.ingot.startup;

import dev.ingot.configuration.ConfigurationFile;
import dev.ingot.configuration.Declared;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.DataPath;
import dev.ingot.project.GivenBindings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.startup.RegistrationSettings.ConnectionSettings;
import dev.ingot.startup.RegistrationSettings.ProjectSettings;
import dev.ingot.startup.RegistrationSettings.StorageSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What the settings say is to be there. What the file names too is left to it. */
@Component
class SettingsWishes {

  private static final Logger log = LoggerFactory.getLogger(SettingsWishes.class);
  private static final String PREFIX = "ingot.projects.";
  private static final String MEND = "Mend it and start again, or set it up by the API";

  private final RegistrationSettings settings;
  private final ConfigurationFile file;
  private final Registrar registrar;

  SettingsWishes(RegistrationSettings settings, ConfigurationFile file, Registrar registrar) {
    this.settings = settings;
    this.file = file;
    this.registrar = registrar;
  }

  List<Wish.OfProject> all() {
    return settings.projects().entrySet().stream()
        .map(project -> wishes(project.getKey(), project.getValue()))
        .toList();
  }

  private Wish.OfProject wishes(String name, ProjectSettings wanted) {
    String place = PREFIX + name;
    var contents = new ArrayList<Wish>();
    // Before the packages, whose models name them.
    wanted
        .connections()
        .forEach((one, settings) ->
            contents.add(
                Wish.ofConnection(
                    name, one, place + ".connections." + one, () -> connect(name, one, settings))));
    wanted
        .packages()
        .forEach((one, location) ->
            contents.add(
                Wish.ofPackage(
                    name,
                    one,
                    place + ".packages." + one,
                    () -> register(PackageKey.of(name, one), location))));
    var project =
        new Wish(
            "Project '%s'".formatted(name), place, () -> project(new ProjectName(name), wanted));
    return new Wish.OfProject(name, project, contents, MEND);
  }

  private void project(ProjectName name, ProjectSettings settings) {
    StorageSettings wanted = settings.storage();
    UnaryOperator<ProjectOptions> options = options(name, settings);
    if (wanted == null || isFiles(declared -> declared.namesStorage(name), name + "'s storage")) {
      registrar.project(name, known -> known, options);
    } else {
      registrar.project(name, known -> storage(wanted, known), options);
    }
  }

  /** As they are where the settings say nothing of them, or the file does. */
  private UnaryOperator<ProjectOptions> options(ProjectName name, ProjectSettings settings) {
    if (settings.givens().isEmpty()
        || isFiles(declared -> declared.namesGivens(name), name + "'s givens")) {
      return known -> known;
    }
    GivenBindings givens = GivenBindings.parse(settings.givens());
    return known -> known.with(givens, null);
  }

  /** The bucket's access is no setting of a project's: one that was given by the API stays. */
  private static MaterializationStorage storage(
      StorageSettings wanted, @Nullable MaterializationStorage known) {
    if (wanted.catalogUrl() == null || wanted.dataPath() == null) {
      throw new Fault(
          FaultCode.INVALID_STORAGE, "its storage needs both catalog-url and data-path");
    }
    return new MaterializationStorage(
        CatalogUrl.parse(wanted.catalogUrl(), known == null ? null : known.catalog()),
        new DataPath(wanted.dataPath()),
        known == null ? null : known.bucket());
  }

  private void connect(String project, String name, ConnectionSettings wanted) {
    var key = new ConnectionKey(new ProjectName(project), name);
    if (!isFiles(declared -> declared.names(key), "connection " + key)) {
      registrar.connect(key, wanted.settings());
    }
  }

  private void register(PackageKey key, String location) {
    if (!isFiles(declared -> declared.names(key), "package " + key)) {
      registrar.register(key, location, null, null);
    }
  }

  private boolean isFiles(Predicate<Declared> named, String what) {
    boolean isFiles = named.test(file.declared());
    if (isFiles) {
      log.warn("The settings say what {} is, and so does {}, which is taken", what, file.name());
    }
    return isFiles;
  }
}
