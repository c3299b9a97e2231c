package dev.ingot.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A server's certificate, which a root certificate made for it has signed.
 *
 * @param root as PEM
 * @param chain the server's, as PEM
 * @param key the server's secret, as PEM
 */
public record ServerCertificate(String root, String chain, String key) {

  private static final String SECRET = "changeit";

  /**
   * Makes one.
   *
   * @param folder for files that stay
   * @param name the only host's name that it has
   */
  public static ServerCertificate of(Path folder, String name) {
    Path store = folder.resolve("certificates.p12");
    generate(store, "root", "CN=root of " + name, "-ext", "bc:critical");
    generate(store, "server", "CN=" + name, "-signer", "root", "-ext", "san=dns:" + name);
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore made = KeyStore.getInstance("PKCS12");
      made.load(in, SECRET.toCharArray());
      return new ServerCertificate(
          pem("CERTIFICATE", made.getCertificate("root").getEncoded()),
          pem("CERTIFICATE", made.getCertificate("server").getEncoded()),
          pem("PRIVATE KEY", made.getKey("server", SECRET.toCharArray()).getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void generate(Path store, String alias, String subject, String... more) {
    // A part of each JDK, whose classes can make none.
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        new ArrayList<>(
            List.of(
                keytool,
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                SECRET,
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                subject,
                "-validity",
                "3650"));
    command.addAll(List.of(more));
    Commands.run(command.toArray(String[]::new));
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes).replace("\r", ""), what);
  }
}
