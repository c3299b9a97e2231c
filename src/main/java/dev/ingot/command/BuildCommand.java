package dev.ingot.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.command.BuildArguments.MisusedException;
import dev.ingot.command.ServerApi.RefusedException;
import dev.ingot.fault.StartupFailure;
import dev.ingot.project.KeyFile;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code build FOLDER}: builds the tables of a package, or says what would be built. */
public final class BuildCommand {

  private static final String WORD = "build";
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WOULD_BUILD = 2;

  /** As sysexits.h has it. */
  private static final int MISUSED = 64;

  private final Function<List<String>, Started> starter;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  /** A server of this process. */
  public interface Started extends AutoCloseable {

    URI url();

    @Override
    void close();
  }

  /**
   * @param starter starts a server with these settings
   * @param out what comes of it
   * @param err what is wrong
   * @param terminal whether what is written can be overwritten
   */
  public BuildCommand(
      Function<List<String>, Started> starter, PrintStream out, PrintStream err, boolean terminal) {
    this.starter = starter;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether the arguments of the program mean it, well said or not. */
  public static boolean isMeant(List<String> arguments) {
    return !arguments.isEmpty() && arguments.getFirst().equals(WORD);
  }

  /**
   * @return the exit code: 0 when all is built, or nothing would be; 1 when it isn't, 2 when a plan
   *     has something to build, 64 when the command isn't one
   */
  public int run(List<String> arguments) {
    try {
      BuildArguments asked = BuildArguments.parse(arguments.subList(1, arguments.size()));
      URI server = asked.server();
      if (server != null) {
        return run(asked, server);
      }
      try (Started started = starter.apply(settings(asked))) {
        return run(asked, started.url());
      }
    } catch (MisusedException e) {
      err.println("build: " + e.getMessage());
      err.println(BuildArguments.USAGE);
      return MISUSED;
    } catch (RefusedException e) {
      err.println(e.getMessage());
      return FAILED;
    } catch (StartupFailure e) {
      err.println("%s: %s".formatted(e.getMessage(), e.action()));
      return FAILED;
    } catch (IOException e) {
      err.println("The server can't be reached any more: " + e.getMessage());
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  /** It is asked by nobody else, and says nothing of itself. */
  private static List<String> settings(BuildArguments asked) throws MisusedException {
    Path folder = asked.folder().toAbsolutePath().normalize();
    Path parent = folder.getParent();
    if (!Files.isDirectory(folder) || parent == null) {
      throw new MisusedException("'%s' is no folder of a package".formatted(asked.folder()));
    }
    Path home = asked.home() == null ? Path.of(".ingot") : asked.home();
    return List.of(
        "--server.port=0",
        "--server.address=127.0.0.1",
        "--ingot.home=" + home.toAbsolutePath(),
        "--ingot.package-roots=" + parent,
        "--ingot.sample=false",
        "--logging.level.root=error",
        "--logging.level.dev.ingot=error");
  }

  private int run(BuildArguments asked, URI server)
      throws RefusedException, IOException, InterruptedException {
    Path file = asked.keyFile();
    String key = file == null ? null : KeyFile.read("--key-file", file);
    try (var api = new ServerApi(server, key)) {
      String path = register(api, asked);
      return asked.plan() ? plan(api, path, asked) : build(api, path, asked);
    }
  }

  /** The path of the package, which is registered with its folder unless it is there. */
  private static String register(ServerApi api, BuildArguments asked)
      throws RefusedException, IOException, InterruptedException {
    String project = "/api/v0/projects/" + encoded(asked.project());
    String path = project + "/packages/" + encoded(asked.packageName());
    if (api.find(project) == null) {
      api.post("/api/v0/projects", Map.of("name", asked.project()));
    }
    String folder = asked.folder().toAbsolutePath().normalize().toString();
    JsonNode known = api.find(path);
    if (known == null) {
      api.post(project + "/packages", Map.of("name", asked.packageName(), "location", folder));
    } else if (asked.server() == null && !known.path("location").asString().equals(folder)) {
      throw new RefusedException(
          "Package '%s' of project '%s' lies in %s: name another one with --package"
              .formatted(asked.packageName(), asked.project(), known.path("location").asString()));
    }
    return path;
  }

  /** For a path or a parameter; a space is one in both. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private int plan(ServerApi api, String path, BuildArguments asked)
      throws RefusedException, IOException, InterruptedException {
    String sources =
        asked.sources().stream()
            .map(one -> "&sources=" + encoded(one))
            .collect(Collectors.joining());
    JsonNode plan = api.get(path + "/plan?forceRefresh=" + asked.force() + sources);
    long toBuild = 0;
    for (JsonNode target : plan.path("targets")) {
      boolean builds = target.path("action").asString().equals("BUILD");
      toBuild += builds ? 1 : 0;
      out.println(
          "%-6s %s, %s"
              .formatted(
                  target.path("action").asString(),
                  target.path("tableName").asString(),
                  target.path("reason").asString()));
      target.path("changedData").forEach(change -> out.println("       " + change.asString()));
    }
    plan.path("removed").forEach(one -> out.println("LEAVES " + one.asString()));
    plan.path("problems").forEach(one -> err.println(Problems.line(one)));
    boolean wrong = plan.path("problems").valueStream().anyMatch(Problems::isError);
    if (wrong || plan.path("refused").asBoolean()) {
      return FAILED;
    }
    out.println("%d to build of %d".formatted(toBuild, plan.path("targets").size()));
    return toBuild == 0 ? DONE : WOULD_BUILD;
  }

  private int build(ServerApi api, String path, BuildArguments asked)
      throws RefusedException, IOException, InterruptedException {
    var request = new LinkedHashMap<String, Object>();
    request.put("start", true);
    request.put("forceRefresh", asked.force());
    if (!asked.sources().isEmpty()) {
      request.put("sources", asked.sources());
    }
    String run = api.post(path + "/materializations", request).path("resource").asString();
    var progress = new BuildProgressText(out, terminal);
    api.watch(run + "/events", progress::take);
    progress.clear();
    JsonNode ended = api.get(run);
    ended.path("problems").forEach(one -> err.println(Problems.line(one)));
    String status = ended.path("status").asString();
    out.println("%s %s".formatted(status, run));
    if (!status.equals("SUCCESS")) {
      err.println(ended.path("error").asString("The build was " + status));
      return FAILED;
    }
    return DONE;
  }
}
