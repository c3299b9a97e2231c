package dev.ingot.api;

import dev.ingot.api.Resources.ProblemBody;
import dev.ingot.body.BodyFormat;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PackageName;
import dev.ingot.project.ProjectName;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** How requests are read and how the API describes itself. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

  private static final String MODEL_PATH = "^[^\\\\\\u0000-\\u001f]+\\.malloy$";
  private static final String TABLE_PATH = "^[^/\\\\\\u0000-\\u001f]+$";
  private static final String ID = "^[A-Za-z0-9-]+$";

  @Bean
  JsonMapperBuilderCustomizer strictJson() {
    return BodyFormat::strict;
  }

  /** Lets {@code %2F} through to the controllers, where it is part of a model's path. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedSlashes() {
    return factory ->
        factory.addConnectorCustomizers(connector ->
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
  }

  @Bean
  OpenAPI description() {
    // Any JSON: swagger would list the getters of Jackson's class instead.
    SpringDocUtils.getConfig().replaceWithSchema(JsonNode.class, new Schema<>());
    return new OpenAPI()
        .info(
            new Info()
                .title("Ingot")
                .version("v0")
                .description("Casts Malloy models into tables")
                .license(
                    new License()
                        .name("Apache-2.0")
                        .url("https://www.apache.org/licenses/LICENSE-2.0")))
        .servers(List.of(new Server().url("http://localhost:4000")));
  }

  /** What a path's parameters are like, wherever they stand. */
  @Bean
  OpenApiCustomizer patterns() {
    Map<String, String> patterns =
        Map.of(
            "projectName",
            ProjectName.PATTERN,
            "packageName",
            PackageName.PATTERN,
            "connectionName",
            ConnectionKey.PATTERN,
            "path",
            MODEL_PATH,
            "tablePath",
            TABLE_PATH,
            "id",
            ID);
    return api ->
        api.getPaths()
            .values()
            .forEach(path ->
                path.readOperations().stream()
                    .filter(operation -> operation.getParameters() != null)
                    .flatMap(operation -> operation.getParameters().stream())
                    .filter(parameter -> patterns.containsKey(parameter.getName()))
                    .forEach(parameter ->
                        parameter.setSchema(TextSchema.of(patterns.get(parameter.getName())))));
  }

  /** Every operation may answer with a problem. */
  @Bean
  OpenApiCustomizer problems() {
    return api -> {
      ModelConverters.getInstance(true)
          .readAll(ProblemBody.class)
          .forEach(api.getComponents()::addSchemas);
      // No enumeration: a client is to take a word that it doesn't know yet.
      property(api, "ProblemDocument", "code")
          .addExtension(
              "x-extensible-enum", Stream.of(FaultCode.values()).map(FaultCode::word).toList());
      var content =
          new Content()
              .addMediaType(
                  "application/problem+json",
                  new MediaType()
                      .schema(new Schema<>().$ref("#/components/schemas/ProblemDocument")));
      api.getPaths()
          .values()
          .forEach(path ->
              path.readOperations()
                  .forEach(operation ->
                      operation
                          .getResponses()
                          .addApiResponse(
                              "default",
                              new ApiResponse()
                                  .description("What is wrong, and how to mend it")
                                  .content(content))));
    };
  }

  private static Schema<?> property(OpenAPI api, String schema, String name) {
    Schema<?> whole = Objects.requireNonNull(api.getComponents().getSchemas().get(schema), schema);
    return (Schema<?>) Objects.requireNonNull(whole.getProperties().get(name), name);
  }

  /** The last one here: springdoc takes them in this order, and it describes what others add. */
  @Bean
  OpenApiCustomizer glossary() {
    return new Glossary();
  }
}
