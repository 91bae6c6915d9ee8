package io.tributary.lake.session;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local file system of Hadoop, without the programs that it starts. Where Hadoop's native
 * library is missing, as in every plain Java process, Hadoop starts {@code chmod} for each file
 * that it makes and {@code stat} for each that it renames: about twelve processes a micro-batch,
 * which take longer than the batch has to write. Java can do the same by itself.
 */
public final class LocalFiles extends LocalFileSystem {
  /** Hadoop makes it by reflection. */
  public LocalFiles() {
    super(new Raw());
  }

  /** The same for Hadoop's other interface to file systems, by which Spark writes checkpoints. */
  public static final class ForFileContext extends DelegateToFileSystem {
    /** Hadoop makes it by reflection. */
    public ForFileContext(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(uri, new Raw(), hadoop, "file", false);
    }

    @Override
    public int getUriDefaultPort() {
      return -1;
    }
  }

  private static final class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      File file = pathToFile(path);
      PosixFileAttributeView attributes =
          Files.getFileAttributeView(file.toPath(), PosixFileAttributeView.class);
      if (attributes == null || permission.getStickyBit()) {
        super.setPermission(path, permission);
      } else {
        attributes.setPermissions(of(permission));
      }
    }

    private static Set<PosixFilePermission> of(FsPermission permission) {
      return PosixFilePermissions.fromString(
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL);
    }

    @Override
    public FileStatus getFileLinkStatus(Path path) throws IOException {
      return Files.isSymbolicLink(pathToFile(path).toPath())
          ? super.getFileLinkStatus(path)
          : getFileStatus(path);
    }
  }
}
