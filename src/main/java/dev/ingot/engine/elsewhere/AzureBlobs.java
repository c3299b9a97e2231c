package dev.ingot.engine.elsewhere;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.AzureAccess.Application;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.core.NestedExceptionUtils;

/** Lists what lies in a container of Azure's blob storage. */
final class AzureBlobs implements Place {

  private static final int TRIES = 2;

  /** Between two tries; it is half a minute otherwise. */
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final BlobServiceClient client;

  AzureBlobs(AzureAccess access) {
    HttpClient http =
        new JdkHttpClientBuilder()
            .connectionTimeout(PATIENCE)
            .responseTimeout(PATIENCE)
            .readTimeout(PATIENCE)
            .build();
    var builder =
        new BlobServiceClientBuilder()
            .endpoint(access.endpoint())
            .httpClient(http)
            .retryOptions(
                new RequestRetryOptions(
                    RetryPolicyType.FIXED, TRIES, PATIENCE, AGAIN, AGAIN, null));
    Application application = access.application();
    if (application == null) {
      builder.sasToken(access.signature());
    } else {
      builder.credential(
          new ClientSecretCredentialBuilder()
              .tenantId(application.tenantId())
              .clientId(application.clientId())
              .clientSecret(application.clientSecret())
              .httpClient(http)
              .build());
    }
    client = builder.buildClient();
  }

  @Override
  public List<ElsewhereState> below(String url) {
    ObjectUrl parts = ObjectUrl.of(url);
    return ask(
        parts,
        container ->
            container
                .listBlobs(new ListBlobsOptions().setPrefix(parts.path()), ALL_PATIENCE)
                .stream()
                .map(blob -> state(parts.root(), blob))
                .toList());
  }

  @Override
  public void look(String url) {
    ObjectUrl parts = ObjectUrl.of(url);
    var _ =
        ask(
            parts,
            container -> {
              var one = new ListBlobsOptions().setPrefix(parts.path()).setMaxResultsPerPage(1);
              return container.listBlobs(one, ALL_PATIENCE).iterator().hasNext();
            });
  }

  private <T> T ask(ObjectUrl url, Function<BlobContainerClient, T> question) {
    try {
      return question.apply(client.getBlobContainerClient(url.bucket()));
    } catch (HttpResponseException e) {
      throw new EngineException("%s can't be listed: %s".formatted(url, answer(e)), e);
    } catch (RuntimeException e) {
      // The client has no class of its own for what happens on the way.
      throw new EngineException("%s can't be listed: %s".formatted(url, reason(e)), e);
    }
  }

  private static ElsewhereState state(String root, BlobItem blob) {
    BlobItemProperties known = blob.getProperties();
    return new ElsewhereState(
        root + blob.getName(),
        known.getContentLength(),
        known.getLastModified() == null ? null : known.getLastModified().toInstant(),
        known.getETag());
  }

  private static String answer(HttpResponseException e) {
    if (e.getResponse() == null) {
      return reason(e);
    }
    String said = "the container answers " + e.getResponse().getStatusCode();
    return e instanceof BlobStorageException refused && refused.getErrorCode() != null
        ? "%s (%s)".formatted(said, refused.getErrorCode())
        : said;
  }

  private static String reason(RuntimeException e) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName())
        .lines()
        .findFirst()
        .orElse("");
  }

  /** Its connections end by themselves. */
  @Override
  public void close() {}
}
