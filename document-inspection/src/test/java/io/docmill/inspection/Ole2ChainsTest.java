package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.inspection.Inspection.Reason;
import io.docmill.inspection.Inspection.Refused;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ole2ChainsTest {
    private static final int END_OF_CHAIN = -2;

    @TempDir
    Path directory;

    @Test
    void passesOrdinaryContainers() throws IOException {
        assertThat(areTooLong(TestDocuments.doc())).isFalse();
        assertThat(areTooLong(TestDocuments.richPpt("Heading", "text"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 12})
    void findsDirectoriesOfTooManyEntries(int sectorShift) throws IOException {
        int sectors = (int) (Ole2Chains.LONGEST >> sectorShift);
        assertThat(areTooLong(container(sectorShift, sectors, END_OF_CHAIN))).isFalse();
        assertThat(areTooLong(container(sectorShift, sectors + 1, END_OF_CHAIN)))
                .isTrue();
    }

    @Test
    void findsDirectoriesThatRunInACircle() throws IOException {
        assertThat(areTooLong(container(9, 3, 0))).isTrue();
    }

    @Test
    void refusesThem() {
        TestDocument document = container(12, 5_000, END_OF_CHAIN);
        Inspection inspection = new DocumentInspector().inspect(document.writeInto(directory), document.name());
        assertThat(inspection)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.SUSPICIOUS));
    }

    private boolean areTooLong(TestDocument document) throws IOException {
        try (var channel = FileChannel.open(document.writeInto(directory))) {
            return new Ole2Chains(channel).areTooLong();
        }
    }

    /** A container of a directory in the sectors from 0 on, its allocation table, and the list of that table's sectors. */
    private static TestDocument container(int sectorShift, int directorySectors, int afterLast) {
        int perSector = 1 << (sectorShift - 2);
        int tables = directorySectors / perSector + 1;
        int lists = Math.max(tables - 109 + perSector - 2, 0) / (perSector - 1);
        int total = 1 + directorySectors + tables + lists;
        ByteBuffer bytes = ByteBuffer.allocate(total << sectorShift).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, 0xE11AB1A1E011CFD0L)
                .putShort(0x1E, (short) sectorShift)
                .putInt(0x30, 0)
                .putInt(0x3C, END_OF_CHAIN)
                .putInt(0x44, directorySectors + tables);
        for (int sector = 0; sector < directorySectors; sector++) {
            int next = sector + 1 < directorySectors ? sector + 1 : afterLast;
            bytes.putInt(((1 + directorySectors) << sectorShift) + 4 * sector, next);
        }
        for (int table = 0; table < tables; table++) {
            int beyond = table - 109;
            int list = directorySectors + tables + Math.max(beyond, 0) / (perSector - 1);
            int place = beyond < 0 ? 0x4C + 4 * table : ((1 + list) << sectorShift) + 4 * (beyond % (perSector - 1));
            bytes.putInt(place, directorySectors + table);
        }
        for (int list = 0; list < lists; list++) {
            int sector = directorySectors + tables + list;
            bytes.putInt(((1 + sector) << sectorShift) + 4 * (perSector - 1), sector + 1);
        }
        return TestDocument.of("container.doc", bytes.array());
    }
}
