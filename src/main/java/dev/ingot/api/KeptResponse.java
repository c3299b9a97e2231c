package dev.ingot.api;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** An answer that is held back once it is to be kept, and until then goes out as it is written. */
final class KeptResponse extends ContentCachingResponseWrapper {

  private boolean keeps;

  KeptResponse(HttpServletResponse response) {
    super(response);
  }

  /** To be called before anything is written. */
  void keep() {
    keeps = true;
  }

  private HttpServletResponse through() {
    return (HttpServletResponse) getResponse();
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    return keeps ? super.getOutputStream() : through().getOutputStream();
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    return keeps ? super.getWriter() : through().getWriter();
  }

  @Override
  public void flushBuffer() throws IOException {
    if (keeps) {
      super.flushBuffer();
    } else {
      through().flushBuffer();
    }
  }

  @Override
  public void setContentLength(int length) {
    setContentLengthLong(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    if (keeps) {
      super.setContentLengthLong(length);
    } else {
      through().setContentLengthLong(length);
    }
  }
}
