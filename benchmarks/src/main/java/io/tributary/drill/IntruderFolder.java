package io.tributary.drill;

import io.tributary.lake.seam.Intruder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that makes an intruder known to the programs that have it on their class path. It is
 * made for each run: no jar and no folder of the product names an intruder.
 */
final class IntruderFolder {
  private IntruderFolder() {}

  static Path make(Path home, Class<? extends Intruder> intruder) throws IOException {
    Path folder = home.resolve("intruder-" + intruder.getSimpleName());
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(Intruder.class.getName()), intruder.getName() + "\n");
    return folder;
  }
}
