package io.docmill.platform.process;

import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process does on SIGTERM or Ctrl-C: it ends in order, and at the second signal at once. */
public final class EndOfProcess {
    private static final Logger log = LoggerFactory.getLogger(EndOfProcess.class);
    /** What a shell says of a process that ended by SIGTERM. */
    private static final int ENDED_BY_SIGNAL = 128 + 15;

    private EndOfProcess() {}

    /**
     * Runs this once the process is told to end, which it does when this returns, or at the second signal.
     *
     * @param inOrder may take its time; called on a thread of its own, once
     */
    public static void onSignal(Runnable inOrder) {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    List.of("TERM", "INT").forEach(EndOfProcess::haltOn);
                    inOrder.run();
                }));
    }

    /**
     * Java ignores signals while it shuts down. Its only way to hear them is {@code sun.misc.Signal} of the module
     * {@code jdk.unsupported}, which javac can't be told to name without a warning (JEP 260 keeps it until there is another).
     */
    private static void haltOn(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object halting =
                    Proxy.newProxyInstance(EndOfProcess.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                        log.warn("Told to end for the second time: ends at once");
                        Runtime.getRuntime().halt(ENDED_BY_SIGNAL);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), halting);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.info("A second SIG{} will not end this process before the limit: {}", name, e.toString());
        }
    }
}
