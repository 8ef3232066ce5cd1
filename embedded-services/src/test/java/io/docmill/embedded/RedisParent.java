package io.docmill.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Starts Redis from a thread that ends at once, and waits to be killed. */
final class RedisParent {

    private RedisParent() {}

    static void main(String[] arguments) throws Exception {
        Thread starter = Thread.ofPlatform().start(() -> {
            RedisProcess redis = RedisProcess.start(Path.of(arguments[0]));
            System.out.println("pid " + redis.pid());
        });
        starter.join();
        new CountDownLatch(1).await();
    }
}
