package io.tributary.api.config;

import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.ValidatorFactory;
import java.util.Locale;
import org.hibernate.validator.spi.nodenameprovider.JavaBeanProperty;
import org.hibernate.validator.spi.nodenameprovider.Property;
import org.hibernate.validator.spi.nodenameprovider.PropertyNodeNameProvider;

/** Lets messages about our settings name them as the file does. */
public final class KebabCaseNames implements PropertyNodeNameProvider {
  private static final String OURS = ApiConfiguration.class.getPackageName();

  /** Dropwizard's validators, with these names. */
  public static ValidatorFactory validatorFactory() {
    return Validators.newConfiguration()
        .propertyNodeNameProvider(new KebabCaseNames())
        .buildValidatorFactory();
  }

  @Override
  public String getName(Property property) {
    boolean ours =
        property instanceof JavaBeanProperty bean
            && bean.getDeclaringClass().getPackageName().equals(OURS);
    return ours
        ? property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)
        : property.getName();
  }
}
