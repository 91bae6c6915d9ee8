package io.tributary.event;

import java.io.Serializable;

/** A place: latitude in [-90, 90] and longitude in [-180, 180], in degrees. */
public record GeoPoint(double lat, double lon) implements Serializable {}
