package io.docmill.testing.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestServicesIT {
    @Test
    void aKilledServiceComesBackWhereItWas(@TempDir Path directory) throws Exception {
        try (TestServices<ServiceProcess> services = TestServices.asProcesses(directory)) {
            // Given
            try (Admin admin = admin(services)) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            // When
            for (ServiceProcess service : List.of(services.kafka(), services.store(), services.redis())) {
                service.kill();
                service.start();
            }
            // Then
            assertThat(topics(services)).contains("kept");
            assertThat(pingRedis(services)).isEqualTo("+OK");
            try (Socket store = connection(URI.create(services.settings().get("docmill.storage.endpoint")))) {
                assertThat(store.isConnected()).isTrue();
            }
        }
    }

    @Test
    void aPausedServiceIsSilentAndGoesOn(@TempDir Path directory) throws Exception {
        try (TestServices<ServiceProcess> services = TestServices.asProcesses(directory)) {
            // When
            services.redis().pause();
            // Then
            assertThatThrownBy(() -> pingRedis(services)).isInstanceOf(SocketTimeoutException.class);
            // When
            services.redis().resume();
            // Then
            assertThat(pingRedis(services)).isEqualTo("+OK");
        }
    }

    @Test
    void servicesWithinTheTestAreStoppedAndStarted(@TempDir Path directory) throws Exception {
        try (TestServices<TestService> services = TestServices.inThisProcess(directory)) {
            for (TestService service : List.of(services.kafka(), services.store(), services.redis())) {
                // When
                service.stop();
                service.stop();
                service.start();
                // Then
                assertThatThrownBy(service::start)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("runs already");
            }
            assertThat(topics(services)).isEmpty();
            assertThat(pingRedis(services)).isEqualTo("+OK");
        }
    }

    private static Admin admin(TestServices<?> services) {
        Properties settings = new Properties();
        settings.putAll(Map.of("bootstrap.servers", services.settings().get("docmill.kafka.bootstrap-servers")));
        return Admin.create(settings);
    }

    private static Set<String> topics(TestServices<?> services) throws Exception {
        try (Admin admin = admin(services)) {
            return admin.listTopics().names().get(30, TimeUnit.SECONDS);
        }
    }

    private static String pingRedis(TestServices<?> services) throws IOException {
        try (Socket socket = connection(URI.create(services.settings().get("docmill.redis.address")))) {
            socket.setSoTimeout(1_000);
            String password = services.settings().get("docmill.redis.password");
            socket.getOutputStream().write(("AUTH " + password + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
        }
    }

    private static Socket connection(URI address) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), 5_000);
        return socket;
    }
}
