package io.tributary.stack;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The command line of the local stack. */
public final class LocalStackMain {
  private LocalStackMain() {}

  /** Exits with 0 when done (status: running), 1 when failed (not running), 2 on wrong usage. */
  public static void main(String[] words) {
    System.exit(run(List.of(words), System.getenv()));
  }

  private static int run(List<String> words, Map<String, String> environment) {
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(Arguments.USAGE);
      return 0;
    }
    try {
      Arguments arguments = Arguments.read(words, environment);
      return switch (arguments.command()) {
        case START -> start(arguments, words);
        case STOP -> stop(arguments);
        case STATUS -> status(arguments);
      };
    } catch (UsageException wrong) {
      System.err.println(wrong.getMessage() + ".");
      System.err.println("See local-stack --help.");
      return 2;
    } catch (StackException failed) {
      System.err.println(failed.getMessage());
      return 1;
    }
  }

  private static int start(Arguments arguments, List<String> words) throws UsageException {
    if (arguments.has("--foreground")) {
      hold(arguments);
      return 0;
    }
    DetachedStack stack = new DetachedStack(arguments.home());
    if (arguments.server().isPresent()) {
      stack.turnOn(arguments.server().get());
    } else {
      stack.start(arguments.stackOptions(), words);
    }
    return 0;
  }

  private static int stop(Arguments arguments) throws UsageException {
    DetachedStack stack = new DetachedStack(arguments.home());
    if (arguments.server().isPresent()) {
      stack.turnOff(arguments.server().get());
    } else {
      stack.stop();
    }
    return 0;
  }

  private static int status(Arguments arguments) throws UsageException {
    StackStatus status = StackStatus.of(arguments.home());
    System.out.println(arguments.has("--json") ? status.json() : status.screen());
    return status.state() == StackStatus.State.RUNNING ? 0 : 1;
  }

  private static void hold(Arguments arguments) throws UsageException {
    Supervisor supervisor = new Supervisor(arguments.stackOptions(), System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(supervisor::end, "end-stack"));
    if (arguments.has("--with-parent")) {
      Thread watch = new Thread(LocalStackMain::exitAtEndOfInput, "parent-watch");
      watch.setDaemon(true);
      watch.start();
    }
    supervisor.run();
  }

  private static void exitAtEndOfInput() {
    try {
      while (System.in.read() >= 0) {
        // Whatever the parent writes is no reason to stop.
      }
    } catch (IOException broken) {
      // A broken pipe says the same as its end.
    }
    System.exit(0);
  }
}
