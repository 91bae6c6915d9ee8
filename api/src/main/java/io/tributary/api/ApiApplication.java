package io.tributary.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.tributary.api.collect.CollectResource;
import io.tributary.api.collect.KafkaAdministration;
import io.tributary.api.collect.KafkaEventLog;
import io.tributary.api.collect.KafkaSettings;
import io.tributary.api.collect.TopicCheck;
import io.tributary.api.collect.TopicSetup;
import io.tributary.api.config.ApiConfiguration;
import io.tributary.api.config.KebabCaseNames;
import io.tributary.api.elastic.EventIndex;
import io.tributary.api.elastic.IndexAnswers;
import io.tributary.api.elastic.IndexCheck;
import io.tributary.api.elastic.IndexClient;
import io.tributary.api.elastic.IndexStatus;
import io.tributary.api.elastic.PipelineCheck;
import io.tributary.api.health.DropwizardCheck;
import io.tributary.api.health.LivenessServlet;
import io.tributary.api.health.Readiness;
import io.tributary.api.health.ReadinessServlet;
import io.tributary.api.metrics.AccessLog;
import io.tributary.api.metrics.CollectMetrics;
import io.tributary.api.metrics.RequestMetrics;
import io.tributary.api.problem.FailureMapper;
import io.tributary.api.problem.ProblemWriter;
import io.tributary.api.problem.ServerErrorHandler;
import io.tributary.api.query.OpenApiResource;
import io.tributary.api.query.QueryResource;
import io.tributary.api.seed.SeedResource;
import io.tributary.event.EventDecoder;
import io.tributary.layout.IndexLayout;
import java.io.FileNotFoundException;
import java.time.Clock;
import java.util.concurrent.SynchronousQueue;
import net.sourceforge.argparse4j.inf.ArgumentParserException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.jersey.server.ServerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API: puts its parts together and starts them. Nothing has to be up before it. */
public final class ApiApplication extends Application<ApiConfiguration> {
  private static final Logger log = LoggerFactory.getLogger(ApiApplication.class);
  private static final int FAILED = 1;
  private static final int MISCONFIGURED = 2;

  /** Runs {@code server FILE} or {@code check FILE}. Exit codes: 1 failed, 2 misconfigured. */
  public static void main(String[] arguments) throws Exception {
    new ApiApplication().run(arguments);
  }

  @Override
  public String getName() {
    return "tributary-api";
  }

  @Override
  public void initialize(Bootstrap<ApiConfiguration> bootstrap) {
    bootstrap.setConfigurationSourceProvider(
        new SubstitutingSourceProvider(
            bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
    bootstrap.setValidatorFactory(KebabCaseNames.validatorFactory());
  }

  @Override
  protected void addDefaultCommands(Bootstrap<ApiConfiguration> bootstrap) {
    bootstrap.addCommand(new ServeCommand(this));
    bootstrap.addCommand(new CheckCommand<>(this));
  }

  @Override
  public void run(ApiConfiguration configuration, Environment environment) {
    Clock clock = Clock.systemUTC();
    PrometheusRegistry metrics = metrics(environment);
    environment.jersey().register(new RequestMetrics(metrics));
    installErrors(configuration, environment, clock);

    KafkaAdministration kafka = new KafkaAdministration(KafkaSettings.admin(configuration.kafka()));
    KafkaEventLog eventLog =
        new KafkaEventLog(
            KafkaSettings.producer(configuration.kafka(), configuration.collect()),
            configuration.topic().name(),
            KafkaSettings.patience(configuration.kafka()));
    environment.lifecycle().manage(kafka);
    environment.lifecycle().manage(eventLog);
    environment.lifecycle().manage(new TopicSetup(kafka, configuration.topic(), eventLog));
    environment
        .jersey()
        .register(
            new CollectResource(
                configuration.collect(),
                new EventDecoder(configuration.typedFields()),
                eventLog,
                clock,
                new CollectMetrics(metrics)));

    IndexLayout layout = new IndexLayout(configuration.indexPrefix());
    IndexClient client =
        new IndexClient(
            configuration.elasticsearch(), IndexAnswers.mapper(configuration.typedFields()));
    EventIndex index = new EventIndex(client, layout, new IndexStatus(client, layout));
    environment.lifecycle().manage(client);
    environment.jersey().register(new QueryResource(index, index));
    environment.jersey().register(new SeedResource(index, index, clock));
    environment.jersey().register(new OpenApiResource());

    installHealth(
        environment,
        new TopicCheck(kafka, configuration.topic().name()),
        new IndexCheck(client, layout),
        new PipelineCheck(client, layout, clock));
  }

  private static PrometheusRegistry metrics(Environment environment) {
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    registry.register(
        new DropwizardExports(environment.metrics(), (name, metric) -> !name.startsWith("jvm.")));
    environment
        .admin()
        .addServlet("prometheus", new PrometheusMetricsServlet(registry))
        .addMapping("/metrics");
    return registry;
  }

  private static void installErrors(
      ApiConfiguration configuration, Environment environment, Clock clock) {
    ProblemWriter writer = new ProblemWriter(new ObjectMapper(), clock);
    ServerErrorHandler serverErrors = new ServerErrorHandler(writer);
    environment.jersey().register(new FailureMapper(writer));
    environment.jersey().property(ServerProperties.WADL_FEATURE_DISABLE, true);
    environment.getApplicationContext().setErrorHandler(serverErrors);
    environment.getAdminContext().setErrorHandler(serverErrors);
    environment
        .lifecycle()
        .addServerLifecycleListener(
            server -> {
              server.setErrorHandler(serverErrors);
              announce(server);
            });
    if (configuration.getServerFactory() instanceof AbstractServerFactory server) {
      server.setRegisterDefaultExceptionMappers(false);
      server.setRequestLogFactory(new AccessLog());
      // Bodies are inflated where their size is bounded; Jetty's own would not be.
      server.getGzipFilterFactory().setEnabled(false);
    }
  }

  private static void announce(Server server) {
    for (Connector connector : server.getConnectors()) {
      if (connector instanceof ServerConnector listening) {
        log.info(
            "Listening on {}:{} ({})",
            listening.getHost(),
            listening.getLocalPort(),
            "admin".equals(listening.getName()) ? "health and metrics" : "events and queries");
      }
    }
  }

  private static void installHealth(
      Environment environment, TopicCheck collect, IndexCheck query, PipelineCheck pipeline) {
    Readiness readiness =
        new Readiness(
            collect,
            query,
            pipeline,
            environment
                .lifecycle()
                .executorService("readiness-%d")
                .minThreads(0)
                .maxThreads(16)
                .workQueue(new SynchronousQueue<>())
                .build());
    environment.admin().addServlet("live", new LivenessServlet()).addMapping("/healthcheck/live");
    environment
        .admin()
        .addServlet("ready", new ReadinessServlet(readiness, new ObjectMapper()))
        .addMapping("/healthcheck/ready");
    environment.healthChecks().register(collect.name(), new DropwizardCheck(collect));
    environment.healthChecks().register(query.name(), new DropwizardCheck(query));
    environment.healthChecks().register(pipeline.name(), new DropwizardCheck(pipeline));
  }

  @Override
  protected void onFatalError(Throwable failure) {
    System.exit(exitCode(failure));
  }

  /** What the process ends with when it can't start for this reason. */
  static int exitCode(Throwable failure) {
    return failure instanceof ConfigurationException
            || failure instanceof FileNotFoundException
            || failure instanceof ArgumentParserException
        ? MISCONFIGURED
        : FAILED;
  }
}
