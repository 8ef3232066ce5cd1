package io.docmill.platform.process;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process does on SIGTERM, Ctrl-C or the end of its terminal: it ends in order, and at the second signal at once.
 *
 * <p>Java's own way, a shutdown hook, is not enough. All hooks run at the same time, and one of Vert.x deletes the directory
 * without which it opens no file (FileCache in 5.0.7): uploads during a drain would fail. And once hooks run Java ignores every
 * further signal. So signals are heard as such, and the hook is for ends that no signal caused.
 */
public final class EndOfProcess {
    private static final Logger log = LoggerFactory.getLogger(EndOfProcess.class);
    /** What a shell adds to the number of the signal that ended a process. */
    private static final int ENDED_BY_SIGNAL = 128;

    private final FutureTask<?> end;
    private final AtomicBoolean told = new AtomicBoolean();

    private EndOfProcess(Runnable inOrder) {
        end = new FutureTask<>(inOrder, null);
    }

    /**
     * Runs this once the process is told to end, or ends otherwise; the process goes on until it returns, or the second signal.
     *
     * @param inOrder may take its time; called once, on a thread of its own
     */
    public static void onSignal(Runnable inOrder) {
        EndOfProcess process = new EndOfProcess(inOrder);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(process::endInOrder));
        List.of("TERM", "INT", "HUP").forEach(process::hear);
    }

    /** Returns when the end is over, whoever began it. */
    private void endInOrder() {
        end.run();
        try {
            end.get();
        } catch (ExecutionException e) {
            log.warn("The process did not end in order", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by Java on a thread of its own for each signal. */
    private void signaled(int number) {
        if (told.getAndSet(true)) {
            log.warn("Told to end for the second time: ends at once");
            Runtime.getRuntime().halt(ENDED_BY_SIGNAL + number);
        }
        // Java's thread for a signal is a daemon: when the last other thread ends, the process would end before its
        // status is told.
        Thread.ofPlatform().name("end").daemon(false).start(() -> {
            endInOrder();
            Runtime.getRuntime().exit(ENDED_BY_SIGNAL + number);
        });
    }

    /**
     * Java's only way to hear a signal is {@code sun.misc.Signal} of the module {@code jdk.unsupported} (JEP 260), which javac
     * can't be told to name without a warning. A signal that was ignored when the process began, as {@code nohup} does, stays so.
     */
    private void hear(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object heard = signal.getConstructor(String.class).newInstance(name);
            int number = (int) signal.getMethod("getNumber").invoke(heard);
            Object ending =
                    Proxy.newProxyInstance(EndOfProcess.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                        signaled(number);
                        return null;
                    });
            signal.getMethod("handle", signal, handler).invoke(null, heard, ending);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.info("SIG{} will end this process by Java's shutdown hooks alone: {}", name, e.toString());
        }
    }
}
