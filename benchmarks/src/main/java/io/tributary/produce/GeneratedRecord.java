package io.tributary.produce;

/**
 * One record of the generator.
 *
 * @param expectation what has to become of it when all records before it arrived in their order
 */
public record GeneratedRecord(Outgoing outgoing, Expectation expectation) {}
