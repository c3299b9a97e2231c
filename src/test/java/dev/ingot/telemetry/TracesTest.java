package dev.ingot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SpanReceiver;
import dev.ingot.testing.Wait;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans as a collector gets them. */
class TracesTest {

  private static final String MODEL =
      """
      ##! experimental.persistence
      source: orders is duckdb.table('data/orders.csv')
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total is amount.sum() }
      #@ persist name="all_of_them"
      source: all_of_them is by_customer -> { aggregate: n is count() }
      """;

  private static final String CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir Path folder;

  @Test
  void aBuildIsOneTraceFromItsRequestToItsStatements() throws IOException {
    try (SpanReceiver receiver = SpanReceiver.start();
        Server server = Server.start(folder, receiver.setting())) {
      PackageFiles.orders(server.packageFolder("shop"), MODEL);
      PackageApi shop = server.register("shop");
      shop.buildOk();
      Wait.until("the run's span has come", () -> receiver.named("ingot.run").size() == 1);

      Span run = receiver.named("ingot.run").getFirst();
      Map<ByteString, Span> all =
          receiver.spans().stream()
              .filter(span -> span.getTraceId().equals(run.getTraceId()))
              .collect(Collectors.toMap(Span::getSpanId, Function.identity()));
      Function<Span, String> parent =
          span ->
              all.containsKey(span.getParentSpanId())
                  ? all.get(span.getParentSpanId()).getName()
                  : "";
      assertThat(parent.apply(run)).startsWith("http post").endsWith("/start");
      assertThat(within(all, "ingot.plan")).extracting(parent).containsExactly("ingot.run");
      assertThat(within(all, "ingot.build"))
          .extracting(parent)
          .containsExactly("ingot.run", "ingot.run");
      assertThat(within(all, "ingot.publication")).extracting(parent).containsExactly("ingot.run");
      assertThat(within(all, "ingot.compilation"))
          .extracting(parent)
          .contains("ingot.plan")
          .allMatch(name -> List.of("ingot.plan", "ingot.run").contains(name));
      assertThat(within(all, "ingot.statement"))
          .extracting(parent)
          .contains("ingot.plan", "ingot.build", "ingot.janitor.sweep");
      assertThat(attribute(run, "outcome")).isEqualTo("published");
      assertThat(within(all, "ingot.build"))
          .extracting(span -> attribute(span, "table"))
          .containsExactlyInAnyOrder("main.by_customer", "main.all_of_them");
    }
  }

  @Test
  void aCallersTraceIsTakenUpAndNothingOfItsTextIsTold() throws IOException {
    try (SpanReceiver receiver = SpanReceiver.start();
        Server server = Server.start(folder, receiver.setting())) {
      PackageFiles.orders(server.packageFolder("shop"), MODEL);
      PackageApi shop = server.register("shop");
      var request =
          shop.streaming(
                  "orders.malloy",
                  "run: orders -> { group_by: customer; where: customer != 'canary-7' }",
                  "text/csv")
              .header("traceparent", CALLERS);
      server.client().send(request).expect(200);
      Wait.until("the query's span has come", () -> receiver.named("ingot.query").size() == 1);

      Span query = receiver.named("ingot.query").getFirst();
      assertThat(SpanReceiver.traceId(query)).isEqualTo("0af7651916cd43dd8448eb211c80319c");
      assertThat(attribute(query, "answer")).isEqualTo("live");
      assertThat(receiver.spans().toString()).doesNotContain("canary-7");
    }
  }

  private static List<Span> within(Map<ByteString, Span> all, String name) {
    return all.values().stream().filter(span -> span.getName().equals(name)).toList();
  }

  private static String attribute(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(one -> one.getKey().equals(key))
        .map(one -> one.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }
}
