package io.tributary.api;

import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.tributary.api.config.ApiConfiguration;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.net.BindException;
import java.util.Locale;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** {@code server FILE}, which tells what keeps it from starting in a sentence, not in a trace. */
final class ServeCommand extends ServerCommand<ApiConfiguration> {
  ServeCommand(ApiApplication application) {
    super(application);
  }

  @Override
  public void onError(Cli cli, @Nullable Namespace namespace, Throwable failure) {
    PrintWriter out = cli.getStdErr();
    BindException busy = cause(failure, BindException.class);
    if (failure instanceof ConfigurationException) {
      out.println(String.valueOf(failure.getMessage()).strip());
    } else if (failure instanceof FileNotFoundException) {
      out.println("Cannot read the configuration: " + failure.getMessage() + ".");
    } else if (busy != null) {
      out.printf(
          Locale.ROOT,
          "Cannot start the API: %s (%s). Free the port, or choose others by TRIBUTARY_API_PORT and"
              + " TRIBUTARY_ADMIN_PORT.%n",
          outermost(failure),
          busy.getMessage());
    } else {
      failure.printStackTrace(out);
    }
    out.flush();
  }

  private static String outermost(Throwable failure) {
    Throwable shown = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(shown.getMessage());
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
