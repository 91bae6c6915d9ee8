package io.tributary.produce;

import io.tributary.produce.EventGenerator.Session;
import io.tributary.time.Timestamps;
import java.util.SplittableRandom;

/** The params of the shop's events: flat and nested, typed and free, spelled in several ways. */
final class ShopParams {
  private static final String[] CATEGORIES = {"shoes", "books", "garden", "music", "toys", "tea"};
  private static final String[] WORDS = {
    "red", "blue", "best", "old", "wool", "mini", "für", "\\\"x\\\""
  };
  private static final String[] CURRENCIES = {"EUR", "USD", "JPY"};

  private ShopParams() {}

  static String of(String type, Session session, long tsMicros, SplittableRandom random) {
    StringBuilder params = new StringBuilder(160);
    params.append("{\"technology\":\"").append(session.technology).append('"');
    params.append(",\"country\":\"").append(session.country()).append('"');
    switch (type) {
      case "session_start" -> start(params, session, random);
      case "page_view" -> page(params, random);
      case "search" -> search(params, random);
      case "add_to_cart" -> item(params.append(",\"item\":"), random);
      case "purchase", "Purchase" -> purchase(params, tsMicros, random);
      case "video_play" ->
          params
              .append(",\"seconds\":")
              .append(random.nextInt(600))
              .append('.')
              .append(random.nextInt(10))
              .append(",\"is_fullscreen\":")
              .append(random.nextInt(2) == 0);
      default -> {
        // Nothing more to say.
      }
    }
    return params.append('}').toString();
  }

  private static void start(StringBuilder params, Session session, SplittableRandom random) {
    params.append(",\"place\":{\"city\":\"").append(session.city()).append("\",\"location\":");
    // GeoJSON says longitude first, everybody else latitude.
    if (random.nextInt(2) == 0) {
      params
          .append("{\"lat\":")
          .append(session.latitude())
          .append(",\"lon\":")
          .append(session.longitude())
          .append('}');
    } else {
      params
          .append('[')
          .append(session.longitude())
          .append(',')
          .append(session.latitude())
          .append(']');
    }
    params.append("},\"screen\":[").append(random.nextInt(300, 4_000)).append(',');
    params.append(random.nextInt(300, 3_000)).append("],\"referrer\":null");
  }

  private static void page(StringBuilder params, SplittableRandom random) {
    params.append(",\"path\":\"/").append(pick(CATEGORIES, random)).append('/');
    params.append(random.nextInt(500)).append("\",\"load_ms\":").append(random.nextInt(20, 3_000));
    // Some libraries write the path of a name with dots, others nest.
    if (random.nextInt(2) == 0) {
      params.append(",\"page.title\":\"").append(pick(WORDS, random)).append('"');
    } else {
      params.append(",\"page\":{\"title\":\"").append(pick(WORDS, random)).append("\"}");
    }
  }

  private static void search(StringBuilder params, SplittableRandom random) {
    params.append(",\"query\":\"").append(pick(WORDS, random)).append(' ');
    params.append(pick(CATEGORIES, random)).append("\",\"hits\":").append(random.nextInt(200));
    params.append(",\"filters\":[\"").append(pick(CATEGORIES, random)).append("\",\"in stock\"]");
  }

  private static void purchase(StringBuilder params, long tsMicros, SplittableRandom random) {
    int items = 1 + random.nextInt(3);
    params.append(",\"sale\":{\"amount\":").append(random.nextInt(100, 50_000));
    params.append(",\"currency\":\"").append(pick(CURRENCIES, random)).append("\",\"discount\":0.");
    params.append(random.nextInt(50)).append("},\"items\":");
    char before = '[';
    for (int i = 0; i < items; i++) {
      item(params.append(before), random);
      before = ',';
    }
    params.append("],\"is_gift\":").append(random.nextInt(5) == 0).append(",\"ordered_at\":\"");
    params.append(Timestamps.isoMicros(tsMicros - random.nextInt(1_000_000))).append('"');
  }

  private static void item(StringBuilder params, SplittableRandom random) {
    params.append("{\"sku\":\"").append(pick(CATEGORIES, random)).append('-');
    params.append(random.nextInt(500)).append("\",\"quantity\":").append(1 + random.nextInt(3));
    params.append(",\"price\":").append(random.nextInt(1, 200)).append('.');
    params.append(random.nextInt(10)).append("0}");
  }

  private static String pick(String[] values, SplittableRandom random) {
    return values[random.nextInt(values.length)];
  }
}
