package io.docmill.worker.libreoffice;

import com.sun.star.beans.PropertyValue;
import com.sun.star.frame.XComponentLoader;
import com.sun.star.frame.XStorable;
import com.sun.star.lang.XComponent;
import com.sun.star.uno.UnoRuntime;
import com.sun.star.util.CloseVetoException;
import com.sun.star.util.XCloseable;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.OfficeProperties;
import io.docmill.worker.plan.OfficeValue;
import java.time.Duration;
import org.jodconverter.core.office.OfficeContext;
import org.jodconverter.core.office.OfficeException;
import org.jodconverter.core.task.OfficeTask;
import org.jodconverter.local.office.LocalOfficeContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a document, writes it in another format, closes it. JODConverter's own conversion task would do, but it exports an
 * interaction handler to LibreOffice, and it does not tell at which of the three it failed.
 */
final class ConvertDocumentTask implements OfficeTask {

    /** How far a conversion got. */
    enum Stage {
        LOAD,
        STORE,
        CLOSE
    }

    private static final Logger log = LoggerFactory.getLogger(ConvertDocumentTask.class);

    private final String sourceUrl;
    private final String targetUrl;
    private final LibreOfficeStep step;
    private volatile Stage stage = Stage.LOAD;
    private long began;
    private long loaded;
    private long stored;

    ConvertDocumentTask(String sourceUrl, String targetUrl, LibreOfficeStep step) {
        this.sourceUrl = sourceUrl;
        this.targetUrl = targetUrl;
        this.step = step;
    }

    /** The stage it is at, or at which it failed. */
    Stage stage() {
        return stage;
    }

    /** How long it took to open the document; to be called once the task has ended. */
    Duration loadTime() {
        return Duration.ofNanos(loaded - began);
    }

    /** How long it took to write it; to be called once the task has ended. */
    Duration storeTime() {
        return Duration.ofNanos(stored - loaded);
    }

    @Override
    public void execute(OfficeContext context) throws OfficeException {
        began = System.nanoTime();
        loaded = began;
        stored = began;
        try {
            XComponent document = open((LocalOfficeContext) context);
            loaded = System.nanoTime();
            stored = loaded;
            try {
                stage = Stage.STORE;
                UnoRuntime.queryInterface(XStorable.class, document)
                        .storeToURL(targetUrl, unoProperties(step.exportFilter(), step.store()));
                stored = System.nanoTime();
                stage = Stage.CLOSE;
            } finally {
                close(document);
            }
        } catch (com.sun.star.uno.Exception | RuntimeException e) {
            throw new OfficeException("Failed at " + stage, e);
        }
    }

    private XComponent open(LocalOfficeContext context) throws OfficeException {
        XComponentLoader loader = context.getComponentLoader();
        if (loader == null) {
            throw new com.sun.star.lang.DisposedException("LibreOffice is gone");
        }
        for (String filter : step.importFilters()) {
            @Nullable XComponent document = open(loader, filter);
            if (document != null) {
                return document;
            }
        }
        throw new OfficeException("LibreOffice opened nothing");
    }

    /** The document, or null if the filter refuses it: LibreOffice says so in either of two ways. */
    private @Nullable XComponent open(XComponentLoader loader, String filter) {
        try {
            return loader.loadComponentFromURL(sourceUrl, "_blank", 0, unoProperties(filter, step.load()));
        } catch (com.sun.star.uno.Exception e) {
            log.debug("The filter {} refuses the document", filter, e);
            return null;
        }
    }

    private static void close(XComponent document) {
        XCloseable closeable = UnoRuntime.queryInterface(XCloseable.class, document);
        if (closeable == null) {
            document.dispose();
            return;
        }
        try {
            closeable.close(true);
        } catch (CloseVetoException e) {
            // Who vetoes takes over the duty to close: that is what the argument true says.
        }
    }

    private static PropertyValue[] unoProperties(String filter, OfficeProperties properties) {
        return unoProperties(properties.with("FilterName", filter));
    }

    private static PropertyValue[] unoProperties(OfficeProperties properties) {
        return properties.values().entrySet().stream()
                .map(entry -> unoProperty(entry.getKey(), entry.getValue()))
                .toArray(PropertyValue[]::new);
    }

    private static PropertyValue unoProperty(String name, OfficeValue value) {
        var property = new PropertyValue();
        property.Name = name;
        property.Value = switch (value) {
            case OfficeValue.Text(var text) -> text;
            case OfficeValue.Secret(var text) -> text;
            case OfficeValue.Flag(var flag) -> flag;
            case OfficeValue.Whole(var number) -> number;
            case OfficeValue.Small(var number) -> number;
            case OfficeValue.Group(var nested) -> unoProperties(nested);
        };
        return property;
    }
}
