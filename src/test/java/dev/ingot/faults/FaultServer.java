package dev.ingot.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.testing.Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;

/**
 * A server that ends itself at a given step, without a word to anybody. Each line of its input is a
 * command, and is answered with one line:
 *
 * <ul>
 *   <li>{@code reset}: begin to record steps, once no run is at work.
 *   <li>{@code steps}: those since then, once the run has ended.
 *   <li>{@code halt <step>}: end at this one.
 *   <li>{@code idle}: once no run is at work.
 *   <li>{@code ledger <package>}: where its tables and the records differ.
 * </ul>
 */
final class FaultServer {

  /** In front of every answer; other lines are the server's log. */
  static final String ANSWER = "answer: ";

  private static final int KILLED = 137;

  private FaultServer() {}

  /**
   * @param arguments the folder of the home and the packages
   */
  public static void main(String[] arguments) throws IOException {
    var failpoints = new Failpoints();
    Server server = Server.start(Path.of(arguments[0]), failpoints, "ingot.query.cache-size=0");
    System.out.println(ANSWER + server.client().url());
    var commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      System.out.println(ANSWER + answer(line.split(" ", 2), server, failpoints));
    }
    // Nobody is left who could want anything.
    Runtime.getRuntime().halt(0);
  }

  private static String answer(String[] command, Server server, Failpoints failpoints) {
    return switch (command[0]) {
      case "reset" -> {
        failpoints.reset();
        yield "";
      }
      case "steps" -> String.join(" ", failpoints.passed().stream().map(Step::toString).toList());
      case "halt" -> {
        failpoints.at(Step.parse(command[1]), () -> Runtime.getRuntime().halt(KILLED));
        yield "";
      }
      case "idle" -> {
        Failpoints.awaitNoRun();
        yield "";
      }
      case "generations" -> String.join(" ", Ledger.ids(server, command[1]));
      case "ledger" -> String.join(" ", Ledger.differences(server, command[1]));
      default -> throw new IllegalArgumentException(command[0]);
    };
  }
}
