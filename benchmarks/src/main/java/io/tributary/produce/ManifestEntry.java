package io.tributary.produce;

import io.tributary.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * One record that was sent.
 *
 * @param event what the record decodes to, with the id it has got; null when it is no event
 * @param digest of the event, 0 when there is none
 */
public record ManifestEntry(Expectation expectation, @Nullable Event event, long digest) {}
