package dev.ingot.api;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A request whose body has been read already. */
final class ReadRequest extends HttpServletRequestWrapper {

  private final byte[] bytes;
  private final ByteArrayInputStream body;

  ReadRequest(HttpServletRequest request, byte[] bytes) {
    super(request);
    this.bytes = bytes;
    body = new ByteArrayInputStream(bytes);
  }

  /** Reads the body, whose size is looked at before. */
  static ReadRequest whole(HttpServletRequest request) throws IOException {
    return new ReadRequest(request, request.getInputStream().readAllBytes());
  }

  /** All of it, however much of it was read here. */
  byte[] body() {
    return bytes.clone();
  }

  @Override
  public ServletInputStream getInputStream() {
    return new ServletInputStream() {
      @Override
      public int read() {
        return body.read();
      }

      @Override
      public int read(byte[] buffer, int offset, int length) {
        return body.read(buffer, offset, length);
      }

      @Override
      public boolean isFinished() {
        return body.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new UnsupportedOperationException("the body is there already");
      }
    };
  }
}
