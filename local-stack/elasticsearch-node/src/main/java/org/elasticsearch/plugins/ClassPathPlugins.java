package org.elasticsearch.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * Offers plugins that are already on the class path.
 *
 * <p>Elasticsearch itself loads plugins only from folders of its distribution, which is not among
 * the Maven artifacts; the server takes whatever layers its loader names, so this one names ours.
 */
@NullMarked
public final class ClassPathPlugins extends PluginsLoader {
  private final List<PluginLayer> layers;

  private ClassPathPlugins(List<PluginLayer> layers) {
    super(Set.of(), Set.of(), Map.of());
    this.layers = layers;
  }

  /**
   * The loader that offers these plugins, in this order.
   *
   * @param emptyFolder an existing folder without jars: a bundle must have a folder to look into
   */
  public static ClassPathPlugins of(Path emptyFolder, List<Class<? extends Plugin>> plugins) {
    List<PluginLayer> layers = new ArrayList<>();
    for (Class<? extends Plugin> plugin : plugins) {
      layers.add(layer(emptyFolder, plugin));
    }
    return new ClassPathPlugins(List.copyOf(layers));
  }

  @Override
  public Stream<PluginLayer> pluginLayers() {
    return layers.stream();
  }

  private static PluginLayer layer(Path emptyFolder, Class<? extends Plugin> plugin) {
    PluginDescriptor descriptor =
        new PluginDescriptor(
            plugin.getSimpleName(),
            "from the class path",
            "none",
            "none",
            "17",
            plugin.getName(),
            null,
            List.of(),
            false,
            false,
            false,
            false);
    try {
      return new Layer(
          new PluginBundle(descriptor, emptyFolder), plugin.getClassLoader(), ModuleLayer.boot());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private record Layer(
      PluginBundle pluginBundle, ClassLoader pluginClassLoader, ModuleLayer pluginModuleLayer)
      implements PluginLayer {}
}
