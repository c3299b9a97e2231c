package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.api.Allowed.Rule;
import dev.ingot.api.Refused.Work;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationService;
import dev.ingot.materialization.RunEvent;
import dev.ingot.project.PackageKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** What happens in a build, as it happens. */
@RestController
@Tag(name = "materializations")
class RunEventController {

  private static final String AFTER = "Last-Event-ID";
  private static final String EXAMPLE =
      """
      id: 1f0c9a3e.7
      event: target
      data: {"buildId":"…","tableName":"by_customer","status":"BUILT","rows":3}

      """;

  private final MaterializationService service;
  private final RunStreams streams;

  RunEventController(MaterializationService service, RunStreams streams) {
    this.service = service;
    this.streams = streams;
  }

  @Allowed(Rule.READ)
  @GetMapping(
      path = Api.PACKAGE + "/materializations/{id}/events",
      produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Refused(
      work = {Work.REACHES, Work.LOADS},
      value = FaultCode.MATERIALIZATION_NOT_FOUND)
  @Operation(
      operationId = "watchMaterialization",
      summary = "Tells of every change of a build until it ends, as server-sent events",
      description =
          """
          First comes `state`, with the whole build, then for each change `run` (a \
          MaterializationChange: what isn't about one target) or `target` (a TargetReport), twice a \
          second `progress` (`{buildId, percent}`) of each table that is being built where its \
          database tells, and at the end `end` (a MaterializationChange). A comment comes every 15 s. Who was cut off and \
          sends the id of the last event that it has seen as `Last-Event-ID`, as browsers' \
          EventSource does, gets what came after it, or `state` where that isn't known any more.\
          """)
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              schema = @Schema(type = "string"),
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(
      responseCode = "204",
      description = "The build has ended, and the client has seen its last event",
      content = @Content)
  void events(
      @PathVariable String projectName,
      @PathVariable String packageName,
      @PathVariable String id,
      @Parameter(description = "The id of the last event that the client has seen")
          @RequestHeader(name = AFTER, required = false)
          @Nullable String after,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    PackageKey key = PackageKey.of(projectName, packageName);
    Materialization run = service.get(key, id);
    if (RunEvent.LAST.equals(after) && run.status().isTerminal()) {
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } else if (HttpMethod.HEAD.matches(request.getMethod())) {
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    } else {
      streams.answer(key, id, after, caller, request, response);
    }
  }
}
