package io.docmill.platform.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Repeats writes and deletes that a store refuses for a moment. Stores that keep objects as files drop a folder with its
 * last object and make it with the next, and refuse what falls in between: versitygw with 409 or 500, MinIO with 403. AWS
 * asks to repeat a conditional PUT that meets another write (409, ConditionalRequestConflict), and what ends in an
 * internal error. A write that is repeated may have been done already, which for one with a condition makes a difference.
 */
final class PassingRefusals implements Interceptor {
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    private static final Set<Integer> STATUSES = Set.of(403, 409, 500, 503);

    /** An error answer is a few hundred bytes of XML. */
    private static final long MOST_READ = 4_096;

    /**
     * The error codes in question. ExistingObjectIsDirectory is versitygw's: it made the folder, and found it gone when it
     * put the object there. Where a code is meant, as for an account that may not write, repeating is in vain and takes a
     * third of a second.
     */
    private static final Set<String> CODES = Set.of(
            "AccessDenied",
            "ConditionalRequestConflict",
            "OperationAborted",
            "ExistingObjectIsDirectory",
            "InternalError",
            "SlowDown");

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Response answer = chain.proceed(request);
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; attempt < ATTEMPTS && canBeRepeated(request) && passes(answer); attempt++) {
            answer.close();
            sleep(pause);
            pause = pause.multipliedBy(2);
            answer = chain.proceed(request);
        }
        return answer;
    }

    private static boolean canBeRepeated(Request request) {
        RequestBody body = request.body();
        return Set.of("PUT", "DELETE").contains(request.method()) && (body == null || !body.isOneShot());
    }

    private static boolean passes(Response answer) throws IOException {
        if (!STATUSES.contains(answer.code())) {
            return false;
        }
        String error = answer.peekBody(MOST_READ).string();
        return CODES.stream().anyMatch(code -> error.contains("<Code>" + code + "</Code>"));
    }

    private static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException("interrupted while waiting to repeat a request");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
