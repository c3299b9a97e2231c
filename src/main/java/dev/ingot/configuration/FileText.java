package dev.ingot.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a file that somebody named. */
final class FileText {

  /** In bytes; thousands of packages take less. */
  private static final int LARGEST = 1 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private FileText() {}

  /** Why a file can't be read. */
  static final class UnreadableException extends Exception {
    UnreadableException(String message) {
      super(message);
    }

    UnreadableException(String message, Throwable cause) {
      super(message, cause);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  static String of(Path file) throws UnreadableException {
    if (Files.isDirectory(file)) {
      throw new UnreadableException("is a folder: name the file in it");
    }
    if (Files.notExists(file)) {
      throw new UnreadableException("does not exist");
    }
    // Anything else, such as a pipe, would be empty when it is read again.
    if (!Files.isRegularFile(file)) {
      throw new UnreadableException("is not a file that can be read again and again");
    }
    try (InputStream content = Files.newInputStream(file)) {
      byte[] bytes = content.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new UnreadableException("is larger than %d bytes".formatted(LARGEST));
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnreadableException("is not text in UTF-8", e);
    } catch (IOException e) {
      throw new UnreadableException("can't be read: " + e.getClass().getSimpleName(), e);
    }
  }
}
