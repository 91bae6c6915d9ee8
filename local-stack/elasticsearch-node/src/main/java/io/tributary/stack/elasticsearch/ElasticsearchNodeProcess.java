package io.tributary.stack.elasticsearch;

import io.tributary.stack.process.ParentWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.node.NodeValidationException;
import org.elasticsearch.plugins.ClassPathPlugins;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/** Runs a single Elasticsearch node until SIGTERM or until the parent process is gone. */
public final class ElasticsearchNodeProcess {
  private static final int CLOSE_LIMIT_SECONDS = 10;

  private ElasticsearchNodeProcess() {}

  /**
   * One argument: a folder that holds {@code config/elasticsearch.yml}; data and logs lie where
   * that file says.
   */
  public static void main(String[] arguments)
      throws IOException, NodeValidationException, InterruptedException {
    if (arguments.length != 1) {
      System.err.println("Usage: ElasticsearchNodeProcess NODE_FOLDER");
      System.exit(2);
    }
    ParentWatch.on(System.in);
    LogConfigurator.configureESLogging();
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    Settings home = Settings.builder().put("path.home", folder.toString()).build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(home, Map.of(), null, () -> "local");
    Path emptyFolder = Files.createDirectories(folder.resolve("plugins-from-class-path"));
    Node node =
        new Node(
            environment,
            ClassPathPlugins.of(emptyFolder, List.of(Netty4Plugin.class, RootPlugin.class)));
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node, closed), "close-node"));
    node.start();
    closed.await();
  }

  private static void close(Node node, CountDownLatch closed) {
    try {
      node.prepareForClose();
      node.close();
      if (!node.awaitClose(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("The node did not close within " + CLOSE_LIMIT_SECONDS + " s.");
      }
    } catch (IOException failed) {
      System.err.println("Cannot close the node: " + failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }
}
