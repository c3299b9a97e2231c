package dev.ingot.startup;

import dev.ingot.configuration.ConfigurationFile;
import dev.ingot.configuration.Declared.DeclaredProject;
import dev.ingot.configuration.Declared.DeclaredStorage;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the file says is to be there, as it was last read. */
@Component
class FileWishes {

  private static final String MEND = "Mend it, and send SIGHUP or start again";

  private final ConfigurationFile file;
  private final Registrar registrar;

  FileWishes(ConfigurationFile file, Registrar registrar) {
    this.file = file;
    this.registrar = registrar;
  }

  List<Wish.OfProject> all() {
    return file.declared().projects().stream().map(this::wishes).toList();
  }

  private Wish.OfProject wishes(DeclaredProject declared) {
    String place = file.name();
    String project = declared.name().value();
    var contents = new ArrayList<Wish>();
    // Before the packages, whose models name them.
    declared
        .connections()
        .forEach((key, settings) ->
            contents.add(
                Wish.ofConnection(
                    project, key.name(), place, () -> registrar.connect(key, settings))));
    declared
        .packages()
        .forEach(one ->
            contents.add(
                Wish.ofPackage(
                    project,
                    one.key().name().value(),
                    place,
                    () ->
                        registrar.register(
                            one.key(), one.location(), one.description(), one.strict()))));
    DeclaredStorage storage = declared.storage();
    var itself =
        new Wish(
            "Project '%s'".formatted(project),
            place,
            () ->
                registrar.project(
                    declared.name(),
                    known -> storage == null ? known : storage.storage(),
                    declared.options()::on));
    return new Wish.OfProject(project, itself, contents, MEND);
  }
}
