package dev.ingot.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The few calls of S3 that tests need, with signatures of version 2. */
public final class S3Client {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final String url;
  private final String bucket;
  private final String key;
  private final String secret;

  S3Client(String url, String bucket, String key, String secret) {
    this.url = url;
    this.bucket = bucket;
    this.key = key;
    this.secret = secret;
  }

  /** No error when it is there. */
  void createBucket() {
    HttpResponse<byte[]> answer = send("PUT", "", "", new byte[0]);
    if (answer.statusCode() != 409) {
      expect(200, answer);
    }
  }

  public void put(String name, byte[] content) {
    expect(200, send("PUT", "/" + name, "", content));
  }

  public byte[] get(String name) {
    return expect(200, send("GET", "/" + name, "", new byte[0])).body();
  }

  public void delete(String name) {
    expect(204, send("DELETE", "/" + name, "", new byte[0]));
  }

  /** The keys below a prefix, in order. */
  public List<String> list(String prefix) {
    var keys = new ArrayList<String>();
    boolean more = true;
    while (more) {
      String query = "?prefix=" + encode(prefix);
      if (!keys.isEmpty()) {
        query += "&marker=" + encode(keys.getLast());
      }
      Document page = xml(expect(200, send("GET", "", query, new byte[0])).body());
      List<String> found = texts(page, "Key");
      keys.addAll(found);
      more = !found.isEmpty() && texts(page, "IsTruncated").contains("true");
    }
    return keys;
  }

  private HttpResponse<byte[]> send(String method, String path, String query, byte[] body) {
    String date = DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
    String resource = "/" + bucket + path;
    var request =
        HttpRequest.newBuilder(URI.create(url + resource + query))
            .timeout(Duration.ofMinutes(1))
            .header("Date", date)
            .header(
                "Authorization",
                "AWS %s:%s".formatted(key, sign(method + "\n\n\n" + date + "\n" + resource)))
            .method(method, BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA1"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<byte[]> expect(int status, HttpResponse<byte[]> answer) {
    if (answer.statusCode() != status) {
      throw new AssertionError(
          "%s: %d instead of %d: %s"
              .formatted(
                  answer.request(), answer.statusCode(), status, new String(answer.body(), UTF_8)));
    }
    return answer;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static Document xml(byte[] text) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(text));
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> texts(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    var texts = new ArrayList<String>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }
}
