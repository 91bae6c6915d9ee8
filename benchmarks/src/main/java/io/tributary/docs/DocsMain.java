package io.tributary.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the generated documentation. */
final class DocsMain {
  private DocsMain() {}

  /**
   * The program.
   *
   * @param arguments the folder of the checkout
   */
  public static void main(String[] arguments) throws IOException {
    Path checkout = Path.of(arguments[0]);
    Path page = checkout.resolve("docs").resolve("configuration.md");
    Files.writeString(page, ConfigurationPage.of(checkout));
    System.out.println("Wrote " + page);
  }
}
