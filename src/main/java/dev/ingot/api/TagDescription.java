package dev.ingot.api;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/** Says in the API's description what has an entity tag, and what asks for one. */
@Component
class TagDescription implements OpenApiCustomizer {

  private static final List<String> COLLECTIONS =
      List.of(Api.BASE + "/projects", Api.PROJECT + "/packages", Api.PROJECT + "/connections");
  private static final List<String> RESOURCES =
      List.of(Api.PROJECT, Api.PACKAGE, Api.PROJECT + "/connections/{connectionName}");

  @Override
  public void customise(OpenAPI api) {
    for (String path : COLLECTIONS) {
      tagged(item(api, path).getPost(), "201");
    }
    for (String path : RESOURCES) {
      PathItem item = item(api, path);
      tagged(item.getGet(), "200");
      asks(item.getGet(), HttpHeaders.IF_NONE_MATCH, "The ETag of the answer that the client has");
      item.getGet()
          .getResponses()
          .addApiResponse(
              "304", new ApiResponse().description("The answer is the one that the client has"));
      tagged(item.getPatch(), "200");
      changes(item.getPatch());
      changes(item.getDelete());
    }
  }

  private static PathItem item(OpenAPI api, String path) {
    return Objects.requireNonNull(api.getPaths().get(path), path);
  }

  private static void changes(Operation operation) {
    asks(
        operation,
        HttpHeaders.IF_MATCH,
        "The ETag of what is changed, as the client knows it, or *; nothing is done when it is another by now");
  }

  private static void asks(Operation operation, String header, String description) {
    // What makes no sense in the other header is no tag of the server's, and answered as such.
    Schema<?> tags = TextSchema.of(header.equals(HttpHeaders.IF_MATCH) ? Tags.IF_MATCH : null);
    operation.addParametersItem(
        new Parameter().in("header").name(header).description(description).schema(tags));
  }

  private static void tagged(Operation operation, String status) {
    @Nullable ApiResponse response = operation.getResponses().get(status);
    if (response == null) {
      throw new IllegalStateException(operation.getOperationId() + " has no answer " + status);
    }
    response.addHeaderObject(
        HttpHeaders.ETAG,
        new Header().description("Another one after each change").schema(TextSchema.of(null)));
  }
}
