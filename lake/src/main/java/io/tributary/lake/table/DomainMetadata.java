package io.tributary.lake.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import java.util.Map;

/** The feature of a table by which commits may set domains of its metadata. */
final class DomainMetadata {
  private static final String NAME = "domainMetadata";

  /** The property that makes a table with it. */
  static final Map<String, String> PROPERTY = Map.of("delta.feature." + NAME, "supported");

  private DomainMetadata() {}

  /** Gives it to a table that was made without, if a commit is to set domains. */
  static void allow(
      Snapshot table, UpdateTableTransactionBuilder update, Map<String, String> domains) {
    if (!domains.isEmpty() && !isIn(table)) {
      update.withTablePropertiesAdded(PROPERTY);
    }
  }

  private static boolean isIn(Snapshot table) {
    return ((SnapshotImpl) table)
        .getProtocol().getImplicitlyAndExplicitlySupportedFeatures().stream()
            .anyMatch(feature -> feature.featureName().equals(NAME));
  }
}
