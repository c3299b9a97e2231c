package dev.ingot.lineage;

import dev.ingot.fault.StartupFailure;
import dev.ingot.outbox.Delivery;
import dev.ingot.outbox.Patience;
import dev.ingot.outbox.Posts;
import dev.ingot.outbox.Receiver;
import dev.ingot.outbox.Receivers;
import dev.ingot.project.Home;
import dev.ingot.project.KeyFile;
import dev.ingot.project.ProjectName;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The one that the settings name, which is told of the builds of all projects, in their order. */
@Component
class LineageReceiver implements Receivers, Receiver {

  static final String ID = Receiver.OWN + "lineage";

  private static final String URL = "ingot.lineage.url";
  private static final String MEND =
      "Give a URL such as http://marquez:5000/api/v1/lineage, without a user: ingot.lineage.api-key is sent with each event";

  private final @Nullable Transport transport;
  private final Patience patience;

  /**
   * @throws StartupFailure when a setting can't be used
   */
  LineageReceiver(LineageSettings settings, Posts posts, Home home) {
    if (!settings.timeout().isPositive() || settings.namespace().isBlank()) {
      throw new StartupFailure(
          "The ingot.lineage.timeout is not positive, or the ingot.lineage.namespace is blank",
          "Leave them out for 5s and ingot");
    }
    transport = transport(settings, posts, home);
    patience =
        new Patience(settings.timeout(), settings.firstRetry(), settings.giveUpAfter(), true);
  }

  private static @Nullable Transport transport(LineageSettings settings, Posts posts, Home home) {
    boolean hasUrl = isGiven(settings.url());
    boolean hasFile = isGiven(settings.file());
    if (hasUrl && hasFile) {
      throw new StartupFailure(
          "Both ingot.lineage.url and ingot.lineage.file are set", "Give one of the two");
    }
    if (hasUrl) {
      return new HttpTransport(
          uri(String.valueOf(settings.url())), key(settings), settings.timeout(), posts);
    }
    return hasFile ? new FileTransport(home.root().resolve(String.valueOf(settings.file()))) : null;
  }

  private static boolean isGiven(@Nullable String text) {
    return text != null && !text.isBlank();
  }

  private static URI uri(String text) {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      // Not its text, which may have a secret in it.
      throw new StartupFailure("The %s is no URL".formatted(URL), MEND);
    }
    boolean http =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!http || uri.getHost() == null || uri.getRawUserInfo() != null) {
      throw new StartupFailure("The %s can't be used".formatted(URL), MEND);
    }
    return uri;
  }

  private static @Nullable String key(LineageSettings settings) {
    String file = settings.apiKeyFile();
    String key =
        isGiven(file)
            ? KeyFile.read("ingot.lineage.api-key-file", Path.of(String.valueOf(file)))
            : settings.apiKey();
    if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new StartupFailure(
          "The key of ingot.lineage.api-key can't be used",
          "Give the receiver's key, which has neither blanks nor letters beyond ASCII");
    }
    return isGiven(key) ? key : null;
  }

  /** Whether anybody is told. */
  boolean isThere() {
    return transport != null;
  }

  @Override
  public List<Receiver> of(ProjectName project) {
    return transport == null ? List.of() : List.of(this);
  }

  @Override
  public boolean outliveProjects() {
    return isThere();
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Patience patience() {
    return patience;
  }

  @Override
  public void send(Delivery delivery) throws IOException {
    if (transport == null) {
      throw new IOException("There is nobody to be told");
    }
    transport.send(delivery.body());
  }

  @Override
  public String toString() {
    return "lineage for " + transport;
  }
}
