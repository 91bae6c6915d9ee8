package io.tributary.event;

import io.tributary.number.DecimalLiteral;
import io.tributary.time.Timestamps;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the value of one typed field and gives it its type. */
final class FieldReader implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Pattern ARRAY_INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

  @SuppressWarnings("serial") // An immutable list of the JDK, which is serializable.
  private final List<String> steps;

  private final TypedField.Type type;

  FieldReader(TypedField field) {
    this.steps = steps(field.path());
    this.type = field.type();
  }

  private static List<String> steps(String path) {
    if (!path.startsWith("/")) {
      return List.of(path);
    }
    return Stream.of(path.substring(1).split("/", -1))
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  /** The value at the path; null when nothing or JSON null is there. */
  @Nullable JsonValue find(JsonValue.Members params) {
    JsonValue value = params;
    for (int i = 0; i < steps.size() && value != null; i++) {
      String step = steps.get(i);
      if (value instanceof JsonValue.Members members) {
        value = members.find(step);
      } else if (value instanceof JsonValue.Array array && ARRAY_INDEX.matcher(step).matches()) {
        int index = Integer.parseInt(step);
        value = index < array.elements.size() ? array.elements.get(index) : null;
      } else {
        value = null;
      }
    }
    return value == JsonValue.Literal.NULL ? null : value;
  }

  /** The value by the field's type; null when it does not fit. */
  @Nullable Object convert(JsonValue value) {
    return switch (type) {
      case STRING -> literal(value);
      case LONG -> whole(value);
      case DOUBLE -> decimal(value);
      case BOOLEAN -> truth(value);
      case TIMESTAMP -> time(value);
      case GEO_POINT -> place(value);
    };
  }

  /** The text of a string, number or boolean. */
  private static @Nullable String literal(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.text();
    }
    if (value instanceof JsonValue.Number number) {
      return number.literal();
    }
    return value instanceof JsonValue.Literal literal ? literal.text() : null;
  }

  private static @Nullable Long whole(JsonValue value) {
    String text = literal(value);
    DecimalLiteral number = text == null ? null : DecimalLiteral.parse(text);
    return number == null ? null : number.asLong();
  }

  private static @Nullable Double decimal(JsonValue value) {
    String text = literal(value);
    return text == null ? null : decimal(text);
  }

  private static @Nullable Double decimal(String text) {
    if (DecimalLiteral.parse(text) == null) {
      return null;
    }
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? number : null;
  }

  private static @Nullable Boolean truth(JsonValue value) {
    String text = literal(value);
    if ("true".equals(text)) {
      return Boolean.TRUE;
    }
    return "false".equals(text) ? Boolean.FALSE : null;
  }

  private static @Nullable Long time(JsonValue value) {
    OptionalLong micros =
        value instanceof JsonValue.Number number
            ? Timestamps.ofNumber(number.literal())
            : value instanceof JsonValue.Text text
                ? Timestamps.ofText(text.text())
                : OptionalLong.empty();
    boolean fits =
        micros.isPresent()
            && micros.getAsLong() >= Timestamps.EARLIEST
            && micros.getAsLong() <= Timestamps.LATEST;
    return fits ? (Long) micros.getAsLong() : null;
  }

  private static @Nullable GeoPoint place(JsonValue value) {
    if (value instanceof JsonValue.Members members) {
      JsonValue lat = members.find("lat");
      JsonValue lon = members.find("lon");
      return lat == null || lon == null ? null : place(decimal(lat), decimal(lon));
    }
    if (value instanceof JsonValue.Array array && array.elements.size() == 2) {
      return place(decimal(array.elements.get(1)), decimal(array.elements.get(0)));
    }
    if (value instanceof JsonValue.Text text) {
      int comma = text.text().indexOf(',');
      return comma < 0
          ? null
          : place(
              decimal(text.text().substring(0, comma).strip()),
              decimal(text.text().substring(comma + 1).strip()));
    }
    return null;
  }

  private static @Nullable GeoPoint place(@Nullable Double lat, @Nullable Double lon) {
    return lat == null || lon == null || Math.abs(lat) > 90 || Math.abs(lon) > 180
        ? null
        : new GeoPoint(lat, lon);
  }
}
