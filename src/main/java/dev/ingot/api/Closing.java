package dev.ingot.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** What is removed, but for a database that can't be closed yet. */
@Schema(name = "Closing")
record Closing(
    @Schema(description = "What still runs, and when the database's file goes") String message) {

  static final String DESCRIPTION =
      "Removed; a statement that can't be interrupted still runs on its database, whose file goes when that has ended or at the next start";

  /**
   * @param messages why databases are still open; none when nothing is left
   */
  static ResponseEntity<Closing> answer(List<String> messages) {
    return messages.isEmpty()
        ? ResponseEntity.noContent().<Closing>build()
        : ResponseEntity.accepted()
            .contentType(MediaType.APPLICATION_JSON)
            .body(new Closing(String.join("\n", messages)));
  }
}
