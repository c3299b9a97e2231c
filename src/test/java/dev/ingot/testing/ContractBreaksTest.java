package dev.ingot.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ContractBreaksTest {

  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final String API =
      """
      paths:
        /things/{id}:
          get:
            parameters:
            - {name: id, in: path, required: true, schema: {type: string, pattern: a+}}
            - {name: limit, in: query, schema: {type: integer, maximum: 10}}
            responses:
              "200": {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
              "404": {description: no}
          post:
            requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Wish"}}}}
            responses:
              "201": {description: ok}
      components:
        schemas:
          Thing:
            type: object
            properties:
              name: {type: string}
              state: {type: string, enum: [ON, OFF]}
              size: {type: [integer, "null"]}
              parts: {type: array, items: {$ref: "#/components/schemas/Thing"}}
              whole: {oneOf: [{$ref: "#/components/schemas/Thing"}, {type: "null"}]}
            required: [name, state]
          Wish:
            type: object
            properties:
              name: {type: string, maxLength: 20}
              kind: {type: [string, "null"], enum: [BIG, SMALL]}
            required: [name]
      """;

  private static JsonNode api(String from, String to) {
    String changed = API.replace(from, to);
    assertThat(changed).as(from).isNotEqualTo(API);
    return YAML.readTree(changed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/things/{id}: ; /thing/{id}: ; GET /things/{id} is gone",
        "get: ; put: ; GET /things/{id} is gone",
        "{name: limit, in: query, schema ; {name: limit, in: query, required: true, schema ; requires query limit",
        "name: limit, ; name: most, ; takes no query limit",
        "pattern: a+ ; pattern: a ; another pattern",
        "maximum: 10 ; maximum: 9 ; another maximum",
        "type: integer, maximum ; type: string, maximum ; has type [string] instead of [integer]",
        "'\"200\":' ; '\"202\":' ; has no answer 200",
        "name: {type: string} ; title: {type: string} ; 200 has no name",
        "name: {type: string} ; 'name: {type: [string, \"null\"]}' ; has type [null, string]",
        "'{type: [integer, \"null\"]}' ; '{type: [string, \"null\"]}' ; 200.size has type",
        "'[ON, OFF]' ; '[ON, OFF, BROKEN]' ; 200.state has enum",
        "'required: [name, state]' ; 'required: [name]' ; may be without state",
        "'{$ref: \"#/components/schemas/Thing\"}, {type: \"null\"}' ; '{type: string}' ; 200.whole has type",
        "requestBody: {content ; 'requestBody: {required: true, content' ; requires a body",
        "'required: [name]' ; 'required: [name, kind]' ; body requires kind",
        "kind: {type ; sort: {type ; body has no kind",
        "'[BIG, SMALL]' ; '[BIG]' ; body.kind has enum",
        "'type: [string, \"null\"], enum' ; 'type: string, enum' ; body.kind has type",
        "maxLength: 20 ; maxLength: 10 ; another maxLength",
        "maxLength: 20 ; 'maxLength: 20, pattern: x' ; another pattern",
        "maxLength: 20 ; 'maxLength: 20, format: uuid' ; another format",
      })
  void whatClientsCouldStumbleOverIsFound(String from, String to, String what) {
    assertThat(ContractBreaks.between(YAML.readTree(API), api(from, to)))
        .anySatisfy(one -> assertThat(one).contains(what));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'\"404\": {description: no}' ; '\"409\": {description: no}'",
        "maximum: 10 ; maximum: 11",
        "', maximum: 10' ; ''",
        "name: {type: string} ; 'name: {type: string, description: x}, title: {type: string}'",
        "'[ON, OFF]' ; '[ON]'",
        "'{type: [integer, \"null\"]}' ; '{type: integer}'",
        "'required: [name, state]' ; 'required: [name, state, size]'",
        "'[BIG, SMALL]' ; '[BIG, SMALL, HUGE]'",
        "maxLength: 20 ; maxLength: 30",
        "name: {type: string, max ; 'more: {type: string}, name: {type: string, max'",
        "'required: [name]' ; 'required: []'",
        "/things/{id}: ; '/others: {get: {}}, /things/{id}:'",
      })
  void whatIsMoreBreaksNothing(String from, String to) {
    String flow = to.contains("}, ") ? to.replace("}, ", "}\n        ") : to;
    assertThat(ContractBreaks.between(YAML.readTree(API), api(from, indented(from, flow))))
        .isEmpty();
  }

  /** A new line of a block begins where the one before it did. */
  private static String indented(String from, String to) {
    int at = API.indexOf(from);
    int indent = at - API.lastIndexOf('\n', at) - 1;
    return to.replace("\n        ", "\n" + " ".repeat(indent));
  }

  @Test
  void theSameBreaksNothing() {
    assertThat(ContractBreaks.between(YAML.readTree(API), YAML.readTree(API))).isEmpty();
  }
}
