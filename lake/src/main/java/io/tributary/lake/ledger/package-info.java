/** The ledger: what was read, written, lost, compared and repaired, as rows of a table. */
@NullMarked
package io.tributary.lake.ledger;

import org.jspecify.annotations.NullMarked;
