package io.tributary.api.query;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The description of all routes. */
@Path("/openapi.yaml")
public final class OpenApiResource {
  /** OpenAPI 3.1. */
  @GET
  @Produces("application/yaml")
  public byte[] openApi() throws IOException {
    try (InputStream document = OpenApiResource.class.getResourceAsStream("/openapi.yaml")) {
      return Objects.requireNonNull(document, "openapi.yaml is not in the jar").readAllBytes();
    }
  }
}
