package dev.ingot.api;

import dev.ingot.query.RowFormat;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/** What a query can be answered as. */
enum AnswerForm {
  JSON(AnswerForm.JSON_TYPE, null),
  CSV(AnswerForm.CSV_TYPE, RowFormat.CSV),
  NDJSON(AnswerForm.NDJSON_TYPE, RowFormat.NDJSON);

  static final String JSON_TYPE = "application/json";
  static final String CSV_TYPE = "text/csv";
  static final String NDJSON_TYPE = "application/x-ndjson";

  private static final HeaderContentNegotiationStrategy ACCEPT =
      new HeaderContentNegotiationStrategy();

  private final String type;
  private final @Nullable RowFormat rows;

  AnswerForm(String type, @Nullable RowFormat rows) {
    this.type = type;
    this.rows = rows;
  }

  /** How its rows are streamed; null when it is one document. */
  @Nullable RowFormat rows() {
    return rows;
  }

  /** With the charset where it isn't given by the type itself. */
  String contentType() {
    return this == CSV ? CSV_TYPE + ";charset=UTF-8" : type;
  }

  private MediaType mediaType() {
    return MediaType.parseMediaType(type);
  }

  /** What the request's Accept header likes best; JSON where it likes two the same. */
  static AnswerForm wanted(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
    List<MediaType> accepted = ACCEPT.resolveMediaTypes(request);
    for (MediaType range : accepted) {
      for (AnswerForm form : values()) {
        if (range.includes(form.mediaType())) {
          return form;
        }
      }
    }
    throw new HttpMediaTypeNotAcceptableException(
        Arrays.stream(values()).map(AnswerForm::mediaType).toList());
  }
}
