package io.docmill.system;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what was seen during a soak, over the number of conversions. */
final class SoakCharts {
    private static final double MEBIBYTE = 1 << 20;

    private final List<SoakSample> samples;
    private final Path directory;

    /** @param directory where the files go */
    SoakCharts(List<SoakSample> samples, Path directory) {
        this.samples = samples;
        this.directory = directory;
    }

    void draw() {
        XYChart memory = chart("Memory", "MiB");
        add(memory, "worker (JVM)", sample -> sample.workerBytes() / MEBIBYTE);
        add(memory, "all LibreOffice processes", sample -> sample.officeBytes() / MEBIBYTE);
        write(memory, "soak-memory");
        XYChart throughput = chart("Throughput", "conversions a second");
        add(throughput, "conversions a second", SoakSample::perSecond);
        write(throughput, "soak-throughput");
        XYChart latency = chart("Latency of quick documents, waiting in the queue included", "ms");
        add(latency, "p50", SoakSample::p50Millis);
        add(latency, "p95", SoakSample::p95Millis);
        write(latency, "soak-latency");
    }

    private static XYChart chart(String title, String unit) {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(300)
                .title(title)
                .xAxisTitle("conversions")
                .yAxisTitle(unit)
                .build();
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private void add(XYChart chart, String name, ToDoubleFunction<SoakSample> value) {
        chart.addSeries(
                        name,
                        samples.stream().mapToDouble(SoakSample::conversions).toArray(),
                        samples.stream().mapToDouble(value).toArray())
                .setMarker(SeriesMarkers.NONE);
    }

    private void write(XYChart chart, String name) {
        try {
            BitmapEncoder.saveBitmap(chart, directory.resolve(name).toString(), BitmapFormat.PNG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
