package io.tributary.stack.elasticsearch;

import java.util.List;
import java.util.function.Supplier;
import org.elasticsearch.Build;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.cluster.ClusterState;
import org.elasticsearch.index.IndexVersion;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.xcontent.XContentBuilder;

/** Says which node, cluster and version answers, in the shape that clients check. */
final class RootHandler extends BaseRestHandler {
  private final Supplier<ClusterState> cluster;

  RootHandler(Supplier<ClusterState> cluster) {
    this.cluster = cluster;
  }

  @Override
  public String getName() {
    return "tributary_root";
  }

  @Override
  public List<Route> routes() {
    return List.of(new Route(RestRequest.Method.GET, "/"), new Route(RestRequest.Method.HEAD, "/"));
  }

  @Override
  protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
    return channel -> {
      ClusterState state = cluster.get();
      Build build = Build.current();
      XContentBuilder body = channel.newBuilder().prettyPrint();
      body.startObject();
      body.field("name", state.nodes().getLocalNode().getName());
      body.field("cluster_name", state.getClusterName().value());
      body.field("cluster_uuid", state.metadata().clusterUUID());
      body.startObject("version");
      body.field("number", build.qualifiedVersion());
      body.field("build_flavor", build.flavor());
      body.field("build_type", build.type().displayName());
      body.field("build_hash", build.hash());
      body.field("build_date", build.date());
      body.field("build_snapshot", build.isSnapshot());
      body.field("lucene_version", IndexVersion.current().luceneVersion().toString());
      body.field("minimum_wire_compatibility_version", build.minWireCompatVersion());
      body.field("minimum_index_compatibility_version", build.minIndexCompatVersion());
      body.endObject();
      body.field("tagline", "You Know, for Search");
      body.endObject();
      channel.sendResponse(new RestResponse(RestStatus.OK, body));
    };
  }
}
