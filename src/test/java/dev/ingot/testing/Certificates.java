package dev.ingot.testing;

/** Certificates that are somebody's. */
public final class Certificates {

  /** Of nobody's server, signed by itself. */
  public static final String ROOT =
      """
      -----BEGIN CERTIFICATE-----
      MIIBgjCCASegAwIBAgIUbiMyCj6ZYMjbfM88qpedsJvsAOIwCgYIKoZIzj0EAwIw
      FTETMBEGA1UEAwwKZGIuZXhhbXBsZTAgFw0yNjExMjkyMzEzNThaGA8yMTI2MTEw
      NTIzMTM1OFowFTETMBEGA1UEAwwKZGIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG
      SM49AwEHA0IABNRZX6XRV6i5OXw/YEvrm5vh3QTRrMb6GdxwhO0KGZ64+xEvJUns
      uNguaeuYoF7Ouz6C4Qa/AnaU6x35fxe/m5ujUzBRMB0GA1UdDgQWBBQmKvTvOePr
      sRWc9cypObAPy0s0SDAfBgNVHSMEGDAWgBQmKvTvOePrsRWc9cypObAPy0s0SDAP
      BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQDCijnaRuaTmSGbceWx
      EVTJB4ivXi6nLe+cjSWjGItjTAIhAP5uyogMoYqTfmJEEfp8gK9fkDwDcv6j4TWb
      VCAneo87
      -----END CERTIFICATE-----
      """;

  private Certificates() {}
}
