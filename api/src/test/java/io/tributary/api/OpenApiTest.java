package io.tributary.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.api.collect.CollectResource;
import io.tributary.api.query.OpenApiResource;
import io.tributary.api.query.QueryResource;
import io.tributary.api.seed.SeedResource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.glassfish.jersey.server.model.Resource;
import org.glassfish.jersey.server.model.ResourceMethod;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private static final Set<Class<?>> RESOURCES =
      Set.of(CollectResource.class, QueryResource.class, SeedResource.class, OpenApiResource.class);

  @Test
  void describesExactlyTheRoutesThereAre() throws IOException {
    assertThat(described()).isEqualTo(routed());
  }

  @Test
  void isOfTheVersionItSays() throws IOException {
    assertThat(document().path("openapi").asText()).isEqualTo("3.1.0");
  }

  @Test
  void refersOnlyToWhatIsThere() throws IOException {
    JsonNode document = document();
    assertThat(document.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  private static Set<String> described() throws IOException {
    Set<String> operations = new TreeSet<>();
    document()
        .path("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(method -> operations.add(method + " " + path.getKey())));
    return operations;
  }

  private static Set<String> routed() {
    Set<String> operations = new TreeSet<>();
    for (Class<?> resourceClass : RESOURCES) {
      add(operations, "", Objects.requireNonNull(Resource.from(resourceClass)));
    }
    return operations;
  }

  private static void add(Set<String> operations, String parent, Resource resource) {
    String path = parent + resource.getPath();
    for (ResourceMethod method : resource.getResourceMethods()) {
      operations.add(method.getHttpMethod().toLowerCase(java.util.Locale.ROOT) + " " + path);
    }
    resource.getChildResources().forEach(child -> add(operations, path, child));
  }

  private static JsonNode document() throws IOException {
    try (InputStream document = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
      return new YAMLMapper().readTree(document);
    }
  }
}
