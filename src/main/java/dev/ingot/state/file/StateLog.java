package dev.ingot.state.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * DuckDB's write-ahead log, looked at before DuckDB does. It takes a record whose length leads past
 * the end for a write that a crash tore off, and goes on without it and all that follows; so a log
 * with one wrong byte in a length, or a file that is none, would cost commits and nobody would
 * know. What a crash leaves has nothing whole behind its torn record.
 *
 * <p>A log begins with eight bytes (its version, 2), then come records: length (8 bytes, little
 * endian), checksum (8 bytes), content. Seen in DuckDB 1.5.5.
 */
final class StateLog {

  private static final byte[] BEGIN = {0x64, 0x00, 0x62, 0x65, 0x00, 0x02, -1, -1};
  private static final int RECORD_HEADER = 16;

  private final ByteBuffer bytes;

  private StateLog(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What is wrong with it; empty when nothing is, or when there is no such file. */
  static Optional<String> problem(Path file) throws IOException {
    return Files.exists(file) ? new StateLog(Files.readAllBytes(file)).problem() : Optional.empty();
  }

  private Optional<String> problem() {
    for (int at = 0; at < Math.min(BEGIN.length, bytes.limit()); at++) {
      if (bytes.get(at) != BEGIN[at]) {
        return Optional.of("it doesn't begin as a log");
      }
    }
    int at = BEGIN.length;
    while (isWhole(at)) {
      at = end(at);
    }
    for (int later = at + 1; later < bytes.limit(); later++) {
      if (isWhole(later)) {
        return Optional.of("the record at byte %d is not what was written".formatted(at));
      }
    }
    return Optional.empty();
  }

  private boolean isWhole(int at) {
    if (at + RECORD_HEADER > bytes.limit()) {
      return false;
    }
    long length = bytes.getLong(at);
    return length > 0
        && length <= bytes.limit() - at - RECORD_HEADER
        && bytes.getLong(at + 8) == checksum(at + RECORD_HEADER, (int) length);
  }

  private int end(int at) {
    return at + RECORD_HEADER + (int) bytes.getLong(at);
  }

  /** As in DuckDB's {@code checksum.cpp}. */
  private long checksum(int from, int length) {
    long sum = 5381;
    int at = from;
    for (; at + 8 <= from + length; at += 8) {
      sum ^= bytes.getLong(at) * 0xbf58476d1ce4e5b9L;
    }
    int rest = from + length - at;
    return rest == 0 ? sum : sum ^ checksumOfRest(at, rest);
  }

  private long checksumOfRest(int at, int length) {
    long factor = 0xc6a4a7935bd1e995L;
    long sum = 0xe17a1465L ^ (length * factor);
    for (int i = 0; i < length; i++) {
      sum ^= (bytes.get(at + i) & 0xffL) << (8 * i);
    }
    sum *= factor;
    sum ^= sum >>> 47;
    sum *= factor;
    return sum ^ (sum >>> 47);
  }
}
