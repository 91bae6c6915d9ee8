package io.tributary.stack;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The checkout that holds the built server modules. */
final class Checkout {
  private static final String PROPERTY = "tributary.checkout";

  private final Path root;

  private Checkout(Path root) {
    this.root = root;
  }

  /** The checkout named by the system property, else the one around the working directory. */
  static Checkout find() {
    String named = System.getProperty(PROPERTY);
    Path root = named == null ? around(Path.of("").toAbsolutePath()) : Path.of(named);
    if (root == null || !Files.isDirectory(root.resolve("local-stack"))) {
      throw new StackException(
          "Cannot find the checkout: %s. Start by scripts/local-stack, or set -D%s to the checkout's folder."
              .formatted(
                  named == null
                      ? "no folder around "
                          + Path.of("").toAbsolutePath()
                          + " has local-stack in it"
                      : named + " has no folder local-stack",
                  PROPERTY));
    }
    return new Checkout(root);
  }

  /** The class path of a module of local-stack, its own classes first. */
  String classPath(String module) {
    Path target = root.resolve("local-stack").resolve(module).resolve("target");
    Path list = target.resolve("classpath.txt");
    Path classes = target.resolve("classes");
    if (!Files.exists(list) || !Files.isDirectory(classes)) {
      throw new StackException(
          "Cannot start %s: %s has not been built. Run scripts/build, or add -am to the Maven call."
              .formatted(module, target.getParent()));
    }
    try {
      return classes + File.pathSeparator + Files.readString(list).strip();
    } catch (IOException failed) {
      throw new StackException(
          "Cannot start %s: %s cannot be read (%s). Run scripts/build again."
              .formatted(module, list, failed.getMessage()),
          failed);
    }
  }

  private static @Nullable Path around(Path folder) {
    for (Path candidate = folder; candidate != null; candidate = candidate.getParent()) {
      if (Files.exists(candidate.resolve("local-stack/launcher/pom.xml"))) {
        return candidate;
      }
    }
    return null;
  }
}
