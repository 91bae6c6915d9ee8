package io.tributary.lake.index;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.elasticsearch.spark.rdd.api.java.JavaEsSpark;

/**
 * The Spark connector of Elasticsearch, behind one method: what it needs to be told, and nothing of
 * what is written.
 */
public final class Connector {
  private final Map<String, String> options;

  public Connector(ElasticsearchSettings settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("es.nodes", settings.uri().getHost());
    all.put("es.port", Integer.toString(settings.port()));
    all.put("es.net.ssl", Boolean.toString(settings.uri().getScheme().equals("https")));
    // One address, no discovery of nodes behind it: works for one node, a balancer and a cloud.
    all.put("es.nodes.wan.only", "true");
    // Not es.input.json: for that the connector parses every document, and breaks off for ever at
    // numbers of 200 digits and at long names.
    all.put("es.ser.writer.value.class", JsonTextWriter.class.getName());
    all.put("es.mapping.default.extractor.class", JsonTextField.class.getName());
    // A refresh after every task would cost more than the writing.
    all.put("es.batch.write.refresh", "false");
    all.put("es.batch.size.entries", Integer.toString(settings.bulkEntries()));
    all.put("es.batch.size.bytes", settings.bulkSize().bytes() + "b");
    all.put("es.batch.write.retry.count", "3");
    all.put("es.batch.write.retry.wait", "2s");
    all.put("es.http.timeout", "30s");
    all.put("es.http.retries", "1");
    all.put("es.index.auto.create", "true");
    all.put("es.spark.dataframe.write.null", "false");
    all.put("es.write.rest.error.handlers", "tributary");
    all.put("es.write.rest.error.handler.tributary", BulkRejections.class.getName());
    all.putAll(settings.options());
    this.options = Map.copyOf(all);
  }

  /**
   * Writes documents given as JSON text, byte by byte as they are.
   *
   * @param resource the index, where {@code {field}} stands for a field of the document; such
   *     fields, and those named by {@code es.mapping.*}, are best the document's first
   * @param more options of this write
   */
  public void write(JavaRDD<String> documents, String resource, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(options);
    all.putAll(more);
    JavaEsSpark.saveToEs(documents, resource, all);
  }
}
