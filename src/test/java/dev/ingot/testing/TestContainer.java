package dev.ingot.testing;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.sas.BlobContainerSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.SasProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A container of Azure's blob storage, in a server of Microsoft's own that only tests use. */
public final class TestContainer implements AutoCloseable {

  public static final String NAME = "lake";

  /** The account that this server has, with the key that everybody knows. */
  private static final String ACCOUNT = "devstoreaccount1";

  private static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private static final Path SERVER =
      Path.of(System.getProperty("ingot.test.files", "target/test-files"), "azurite.cjs");

  private final Process process;
  private final BlobContainerClient client;

  private TestContainer(Process process, BlobContainerClient client) {
    this.process = process;
    this.client = client;
  }

  /**
   * @throws org.opentest4j.TestAbortedException where the server couldn't be fetched
   */
  public static TestContainer start(Path folder) {
    Assumptions.assumeTrue(Files.exists(SERVER), SERVER + " wasn't fetched");
    int port = Ports.free();
    var command =
        new ProcessBuilder(
            "node",
            SERVER.toString(),
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            Integer.toString(port),
            "--location",
            folder.resolve("blobs").toString(),
            "--silent",
            "--skipApiVersionCheck",
            "--disableTelemetry");
    command.redirectErrorStream(true).redirectOutput(folder.resolve("blobs.log").toFile());
    try {
      Process process = command.start();
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
      Wait.until("the container's server answers", () -> Ports.accepts(port));
      BlobContainerClient client =
          new BlobServiceClientBuilder()
              .endpoint("http://127.0.0.1:%d/%s".formatted(port, ACCOUNT))
              .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
              .buildClient()
              .createBlobContainer(NAME);
      return new TestContainer(process, client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void put(String name, String text) {
    client.getBlobClient(name).upload(BinaryData.fromString(text), true);
  }

  public void delete(String name) {
    client.getBlobClient(name).delete();
  }

  /** With a signature that may read and list. */
  public String sasUrl() {
    var values =
        new BlobServiceSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusDays(1),
                new BlobContainerSasPermission().setReadPermission(true).setListPermission(true))
            .setProtocol(SasProtocol.HTTPS_HTTP);
    return client.getBlobContainerUrl() + "?" + client.generateSas(values);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
