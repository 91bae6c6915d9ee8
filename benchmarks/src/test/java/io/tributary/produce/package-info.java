/** The generator, the files and the command, without and with a real broker. */
@NullMarked
package io.tributary.produce;

import org.jspecify.annotations.NullMarked;
