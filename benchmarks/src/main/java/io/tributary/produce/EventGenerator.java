package io.tributary.produce;

import io.tributary.event.DeadLetterReason;
import io.tributary.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An endless, repeatable stream of events of a web shop with an app: people come back, open
 * sessions and go through them; clients disagree about how to write a time; some events come late,
 * twice, without an id, or broken. Not thread-safe.
 */
public final class EventGenerator implements Iterator<GeneratedRecord> {
  private static final int OPEN_SESSIONS = 256;
  private static final int PEOPLE = 20_000;

  /** From how far back an event is sent again. */
  private static final int REMEMBERED = 1_024;

  private static final long MICROS_PER_MINUTE = 60_000_000L;
  private static final double MINUTES_OF_THREE_DAYS = 3 * 24 * 60;
  private static final Malformation[] MALFORMATIONS = Malformation.values();

  private final GeneratorSettings settings;
  private final SplittableRandom random;
  private final Session[] sessions = new Session[OPEN_SESSIONS];
  private final List<Sent> remembered = new ArrayList<>();
  private final StringBuilder text = new StringBuilder(512);
  private long made;
  private int oldest;

  /** A generator at its first record. */
  public EventGenerator(GeneratorSettings settings) {
    this.settings = settings;
    this.random = new SplittableRandom(settings.seed());
    for (int i = 0; i < sessions.length; i++) {
      sessions[i] = Session.open(random);
      // The first moment finds people in the middle of what they do.
      sessions[i].started = random.nextInt(4) > 0;
    }
  }

  /** The first records of a new generator. */
  public static Stream<GeneratedRecord> stream(GeneratorSettings settings, long count) {
    EventGenerator generator = new EventGenerator(settings);
    return Stream.generate(generator::next).limit(count);
  }

  /** Always. */
  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public GeneratedRecord next() {
    long nowMicros = settings.startMicros() + made++ * settings.stepMicros();
    double dice = random.nextDouble();
    if (dice < settings.malformed()) {
      return malformed(nowMicros);
    }
    if (dice < settings.malformed() + settings.duplicates() && !remembered.isEmpty()) {
      return again();
    }
    return event(nowMicros);
  }

  private GeneratedRecord event(long nowMicros) {
    int place = random.nextInt(sessions.length);
    Session session = sessions[place];
    String type = session.next(random);
    if (session.isOver()) {
      sessions[place] = Session.open(random);
    }
    long tsMicros = nowMicros;
    if (settings.late() > 0 && random.nextDouble() < settings.late()) {
      tsMicros -= lateness();
    }
    boolean withId = settings.withoutId() == 0 || random.nextDouble() >= settings.withoutId();
    String id = withId ? id(tsMicros) : null;
    List<String> members = members(id, type, tsMicros, session);
    Outgoing outgoing = outgoing(id, members);
    if (id != null && (settings.duplicates() > 0 || settings.malformed() > 0)) {
      remember(new Sent(id, members));
    }
    return new GeneratedRecord(outgoing, Expectation.row(id));
  }

  /** From one minute to three days; half of all within about an hour. */
  private long lateness() {
    return (long) (MICROS_PER_MINUTE * Math.pow(MINUTES_OF_THREE_DAYS, random.nextDouble()));
  }

  /** Byte by byte the same, or the same event with its members in another order. */
  private GeneratedRecord again() {
    Sent sent = remembered.get(random.nextInt(remembered.size()));
    List<String> members = sent.members;
    if (random.nextInt(2) == 0) {
      List<String> turned = new ArrayList<>(members);
      java.util.Collections.rotate(turned, 1 + random.nextInt(turned.size() - 1));
      members = turned;
    }
    return new GeneratedRecord(outgoing(sent.id, members), Expectation.duplicate(sent.id));
  }

  private GeneratedRecord malformed(long nowMicros) {
    int kind = random.nextInt(MALFORMATIONS.length + 1);
    if (kind == MALFORMATIONS.length) {
      if (!remembered.isEmpty()) {
        return conflict();
      }
      kind = 0;
    }
    Malformation malformation = MALFORMATIONS[kind];
    byte[] value = malformation.value(id(nowMicros), "\"" + Timestamps.isoMicros(nowMicros) + "\"");
    return new GeneratedRecord(
        new Outgoing(null, value), Expectation.deadLetter(malformation.reason(), null));
  }

  /** The id and the time of an earlier event with another content. */
  private GeneratedRecord conflict() {
    Sent sent = remembered.get(random.nextInt(remembered.size()));
    List<String> members = new ArrayList<>(sent.members);
    members.add("\"attempt\":" + random.nextInt(2, 1_000_000_000));
    return new GeneratedRecord(
        outgoing(sent.id, members), Expectation.deadLetter(DeadLetterReason.ID_CONFLICT, sent.id));
  }

  private void remember(Sent sent) {
    if (remembered.size() < REMEMBERED) {
      remembered.add(sent);
    } else {
      remembered.set(oldest, sent);
      oldest = (oldest + 1) % REMEMBERED;
    }
  }

  private Outgoing outgoing(@Nullable String id, List<String> members) {
    text.setLength(0);
    char before = '{';
    for (String member : members) {
      text.append(before).append(member);
      before = ',';
    }
    byte[] value = text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    return new Outgoing(id == null ? null : id.getBytes(StandardCharsets.UTF_8), value);
  }

  private List<String> members(@Nullable String id, String type, long tsMicros, Session session) {
    List<String> members = new ArrayList<>(7);
    if (id != null) {
      members.add("\"event_id\":\"" + id + "\"");
    }
    members.add("\"event_type\":\"" + type + "\"");
    members.add("\"ts\":" + session.platform.time(tsMicros));
    if (session.userId != null) {
      members.add("\"user_id\":" + session.userId);
    }
    members.add("\"session_id\":\"" + session.id + "\"");
    if (session.platform == Platform.IOS) {
      // Not a field of events: goes into params under its name.
      members.add("\"app_version\":\"" + session.version + "\"");
    }
    members.add("\"params\":" + ShopParams.of(type, session, tsMicros, random));
    return members;
  }

  /** A UUID of version 7: 48 bits of milliseconds, then chance. */
  private String id(long tsMicros) {
    return uuid(
        Math.floorDiv(tsMicros, 1_000L) << 16 | 0x7000L | random.nextInt(1 << 12),
        0x8000000000000000L | random.nextLong() >>> 2);
  }

  static String uuid(long high, long low) {
    return new java.util.UUID(high, low).toString();
  }

  private record Sent(String id, List<String> members) {}

  /** What a client writes, and how. */
  enum Platform {
    WEB {
      @Override
      String time(long micros) {
        return '"' + Timestamps.isoMicros(micros) + '"';
      }
    },
    ANDROID {
      @Override
      String time(long micros) {
        return Long.toString(Math.floorDiv(micros, 1_000L));
      }
    },
    IOS {
      @Override
      String time(long micros) {
        long fraction = Math.floorMod(micros, 1_000_000L);
        String digits = Long.toString(1_000_000L + fraction);
        return Math.floorDiv(micros, 1_000_000L) + "." + digits.substring(1);
      }
    },
    SERVER {
      @Override
      String time(long micros) {
        return Long.toString(micros);
      }
    };

    /** The time as this client writes it into JSON. */
    abstract String time(long micros);
  }

  /** One visit of one person on one device. */
  static final class Session {
    private static final Platform[] PLATFORMS = Platform.values();
    private static final String[] COUNTRIES = {"DE", "US", "BR", "JP", "IN", "FR", "GB", "CA"};
    private static final String[] CITIES = {
      "Köln", "Austin", "São Paulo", "東京", "Pune", "Lyon", "Leeds", "St. John's"
    };
    private static final double[][] PLACES = {
      {50.9375, 6.9603}, {30.2672, -97.7431}, {-23.5505, -46.6333}, {35.6895, 139.6917},
      {18.5204, 73.8567}, {45.764, 4.8357}, {53.8008, -1.5491}, {47.5615, -52.7126}
    };
    private static final String[] TECHNOLOGIES = {"firefox", "chrome", "safari", "app", "tv"};

    final String id;
    final @Nullable String userId;
    final Platform platform;
    final String version;
    final String technology;
    final int country;
    private int left;
    private boolean started;

    private Session(
        String id,
        @Nullable String userId,
        Platform platform,
        String version,
        String technology,
        int country,
        int left) {
      this.id = id;
      this.userId = userId;
      this.platform = platform;
      this.version = version;
      this.technology = technology;
      this.country = country;
      this.left = left;
    }

    static Session open(SplittableRandom random) {
      // A few people come often, most of them rarely.
      double often = random.nextDouble();
      int person = (int) (PEOPLE * often * often * often);
      Platform platform = PLATFORMS[random.nextInt(PLATFORMS.length)];
      String userId =
          switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> "null";
            // Old clients send the number of the account as a number.
            case 2, 3 -> Integer.toString(1_000_000 + person);
            default -> "\"u-" + (1_000_000 + person) + "\"";
          };
      return new Session(
          "s-" + Long.toHexString(random.nextLong()),
          userId,
          platform,
          (1 + person % 3) + "." + random.nextInt(10) + "." + random.nextInt(10),
          TECHNOLOGIES[random.nextInt(TECHNOLOGIES.length)],
          person % COUNTRIES.length,
          1 + random.nextInt(40));
    }

    String country() {
      return COUNTRIES[country];
    }

    String city() {
      return CITIES[country];
    }

    double latitude() {
      return PLACES[country][0];
    }

    double longitude() {
      return PLACES[country][1];
    }

    boolean isOver() {
      return left == 0;
    }

    /** The type of the next event. */
    String next(SplittableRandom random) {
      left--;
      if (!started) {
        started = true;
        return "session_start";
      }
      if (left == 0) {
        return "session_end";
      }
      int dice = random.nextInt(100);
      if (dice < 55) {
        return "page_view";
      } else if (dice < 70) {
        return "search";
      } else if (dice < 82) {
        return "add_to_cart";
      } else if (dice < 87) {
        return "purchase";
      } else if (dice < 96) {
        return "video_play";
      } else {
        // Case counts: another type than purchase.
        return dice < 98 ? "Purchase" : "rate item ★";
      }
    }
  }
}
