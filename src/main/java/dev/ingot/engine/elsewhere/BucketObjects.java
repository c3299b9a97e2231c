package dev.ingot.engine.elsewhere;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.BucketAccess;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.springframework.core.NestedExceptionUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists what lies in a bucket, as S3's own API tells it, which Google's buckets speak too. */
public final class BucketObjects implements Place {

  /** What Amazon's clients sign with where nobody named one; an empty one fails on some servers. */
  public static final String DEFAULT_REGION = "us-east-1";

  private static final String GOOGLE = "storage.googleapis.com";

  private final S3Client client;

  /**
   * @param google whether it is Google's where no endpoint is named
   */
  public BucketObjects(BucketAccess access, boolean google) {
    String region = access.region().isEmpty() ? DEFAULT_REGION : access.region();
    var builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(PATIENCE)
                    .socketTimeout(PATIENCE)
                    .build())
            .credentialsProvider(StaticCredentialsProvider.create(credentials(access)))
            .region(Region.of(region))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(all ->
                all.apiCallTimeout(ALL_PATIENCE).retryStrategy(retry -> retry.maxAttempts(2)));
    String url = access.url();
    if (url != null) {
      builder.endpointOverride(URI.create(url)).forcePathStyle(access.pathStyle());
    } else if (google) {
      builder.endpointOverride(URI.create("https://" + GOOGLE)).forcePathStyle(true);
    }
    client = builder.build();
  }

  private static AwsCredentials credentials(BucketAccess access) {
    String token = access.sessionToken();
    return token == null
        ? AwsBasicCredentials.create(access.accessKeyId(), access.secretAccessKey())
        : AwsSessionCredentials.create(access.accessKeyId(), access.secretAccessKey(), token);
  }

  @Override
  public List<ElsewhereState> below(String url) {
    ObjectUrl parts = ObjectUrl.of(url);
    return ask(
        parts,
        () -> {
          var found = new ArrayList<ElsewhereState>();
          client
              .listObjectsV2Paginator(
                  request -> request.bucket(parts.bucket()).prefix(parts.path()))
              .contents()
              .forEach(object -> found.add(state(parts.root(), object)));
          return found;
        });
  }

  @Override
  public void look(String url) {
    ObjectUrl parts = ObjectUrl.of(url);
    var _ =
        ask(
            parts,
            () ->
                client.listObjectsV2(
                    request -> request.bucket(parts.bucket()).prefix(parts.path()).maxKeys(1)));
  }

  private static <T> T ask(ObjectUrl url, Supplier<T> question) {
    try {
      return question.get();
    } catch (SdkException e) {
      throw new EngineException("%s can't be listed: %s".formatted(url, reason(e)), e);
    } catch (IllegalStateException | RejectedExecutionException closed) {
      throw new EngineException("%s isn't granted any more".formatted(url), closed);
    }
  }

  private static ElsewhereState state(String root, S3Object object) {
    return new ElsewhereState(
        root + object.key(), object.size(), object.lastModified(), object.eTag());
  }

  private static String reason(SdkException e) {
    if (e instanceof AwsServiceException answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      String said = details == null ? null : details.errorMessage();
      return "the bucket answers %d%s"
          .formatted(
              answered.statusCode(),
              said == null || said.isBlank()
                  ? ""
                  : " (%s)".formatted(said.lines().findFirst().orElse("")));
    }
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
  }

  @Override
  public void close() {
    client.close();
  }
}
