package io.tributary.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a benchmark ran on.
 *
 * @param memoryGib all of the machine's
 * @param loadBefore load average of the minute before the run, negative when unknown
 */
record Machine(
    int cores, String cpu, double memoryGib, String jdk, String system, double loadBefore) {

  static Machine here() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        cpuModel(),
        Math.round(system.getTotalMemorySize() / Math.pow(2, 30) * 10) / 10.0,
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        system.getSystemLoadAverage());
  }

  private static String cpuModel() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
      return lines.stream()
          .filter(line -> line.startsWith("model name"))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  String line() {
    return "%d cores of %s, %.1f GiB, %s, %s; load before the run %.2f"
        .formatted(cores, cpu, memoryGib, jdk, system, loadBefore);
  }
}
