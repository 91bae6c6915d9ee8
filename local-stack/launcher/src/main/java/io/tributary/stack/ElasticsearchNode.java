package io.tributary.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A single Elasticsearch node in a process of its own; its data outlive it. It has only what is in
 * the server's Maven artifact: no scripts, no delete or update by query, no reindex, no security.
 * Thread-safe.
 */
public final class ElasticsearchNode {
  private final int port;
  private final Duration startLimit;
  private final ServerProcess process;

  private ElasticsearchNode(int port, Duration startLimit, ServerProcess process) {
    this.port = port;
    this.startLimit = startLimit;
    this.process = process;
  }

  /** Prepares the data folder and chooses the port; starts nothing. */
  static ElasticsearchNode prepare(StackOptions options, Checkout checkout) {
    Path folder = options.home().resolve("elasticsearch");
    Path logs = options.home().resolve("logs");
    Path log = logs.resolve("elasticsearch.log");
    int port;
    try {
      Files.createDirectories(folder.resolve("config"));
      port = Ports.choose("Elasticsearch", options.elasticsearch().port(), folder.resolve("port"));
      Map<String, String> settings = settings(folder, logs, port);
      settings.putAll(options.elasticsearch().settings());
      Files.writeString(folder.resolve("config/elasticsearch.yml"), text(settings));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    List<String> command = new ArrayList<>();
    command.add(JavaProgram.path());
    command.addAll(options.tuning().jvmOptions());
    command.addAll(
        List.of(
            "-Xms" + options.elasticsearch().heap(),
            "-Xmx" + options.elasticsearch().heap(),
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dio.netty.noUnsafe=true",
            "-Dio.netty.allocator.numDirectArenas=0",
            "-Dlog4j2.disable.jmx=true",
            "-Dtributary.log=" + log,
            "-cp",
            checkout.classPath("elasticsearch-node"),
            "io.tributary.stack.elasticsearch.ElasticsearchNodeProcess",
            folder.toString()));
    return new ElasticsearchNode(
        port,
        options.startLimit(),
        new ServerProcess("Elasticsearch", command, log, new ElasticsearchHealthProbe(url(port))));
  }

  /** {@code http://host:port}, the same for the life of this object. */
  public String url() {
    return url(port);
  }

  /** Starts the stopped or killed node again on the same port and data; returns when it answers. */
  public void start() {
    process.spawn();
    awaitReady();
  }

  /** Stops the node as SIGTERM does and waits until it is gone. Nothing when it is not running. */
  public void stop() {
    process.stop();
  }

  /** Ends the node as {@code kill -9} does. Nothing when it is not running. */
  public void kill() {
    process.kill();
  }

  /** The id of the process started last. */
  public long pid() {
    return process.pid();
  }

  /** True while the process lives, whether it answers or not. */
  public boolean isRunning() {
    return process.isRunning();
  }

  /** True when the node answers now and no primary shard is missing. */
  public boolean answers() {
    return process.answers();
  }

  void spawn() {
    process.spawn();
  }

  void awaitReady() {
    process.awaitReady(startLimit);
  }

  String end() {
    return process.end();
  }

  private static String url(int port) {
    return "http://" + Loopback.ADDRESS + ":" + port;
  }

  private static Map<String, String> settings(Path folder, Path logs, int port) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("cluster.name", "tributary-local");
    settings.put("node.name", "local");
    settings.put("discovery.type", "single-node");
    settings.put("network.host", Loopback.ADDRESS);
    settings.put("http.port", String.valueOf(port));
    // No other node ever connects: any free port will do.
    settings.put("transport.port", "0");
    settings.put("path.data", folder.resolve("data").toString());
    settings.put("path.logs", logs.toString());
    // A developer's disk is often above the default watermark; writes would be refused.
    settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
    // An index per day over some years is more than the default thousand.
    settings.put("cluster.max_shards_per_node", "10000");
    return settings;
  }

  /** The settings as YAML, every value a quoted text. */
  private static String text(Map<String, String> settings) {
    StringBuilder text = new StringBuilder("# Written at every start by the local stack.\n");
    settings.forEach(
        (key, value) ->
            text.append(key).append(": '").append(value.replace("'", "''")).append("'\n"));
    return text.toString();
  }
}
