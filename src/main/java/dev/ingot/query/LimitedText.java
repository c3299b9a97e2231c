package dev.ingot.query;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.io.Writer;

/** Collects text up to a number of bytes in UTF-8, then refuses. */
final class LimitedText extends Writer {

  private final StringBuilder text = new StringBuilder();
  private final long maxBytes;
  private long bytes;

  LimitedText(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void write(char[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      char c = buffer[i];
      // Each half of a surrogate pair counts for half of its four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    if (bytes > maxBytes) {
      throw new Fault(
          FaultCode.RESULT_TOO_LARGE,
          "The result is longer than %d bytes: add a limit to the query, or raise ingot.query.max-result-size"
              .formatted(maxBytes));
    }
    text.append(buffer, offset, length);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  @Override
  public String toString() {
    return text.toString();
  }
}
