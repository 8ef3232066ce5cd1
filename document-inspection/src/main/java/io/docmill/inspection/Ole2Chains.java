package io.docmill.inspection;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Measures the lists of an OLE2 container that POI reads into objects before it can be asked how long they are: the
 * directory of streams and the allocation of short streams. Follows [MS-CFB] 2.1 to 2.6 by reading single numbers.
 * Confined to one thread.
 */
final class Ole2Chains {
    /** 4 MiB: 32,768 streams and storages, or 64 MiB of streams below 4 KiB each. */
    static final long LONGEST = 4L << 20;

    private static final int SECTOR_SHIFT = 0x1E;
    private static final int FIRST_DIRECTORY_SECTOR = 0x30;
    private static final int FIRST_MINI_FAT_SECTOR = 0x3C;
    private static final int FIRST_DIFAT_SECTOR = 0x44;
    private static final int DIFAT = 0x4C;
    private static final int DIFAT_LENGTH = 109;
    private static final int LAST_REGULAR_SECTOR = 0xFFFFFFFA;

    private final FileChannel file;
    private final ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    private final int sectorShift;

    Ole2Chains(FileChannel file) throws IOException {
        this.file = file;
        this.sectorShift = numberAt(SECTOR_SHIFT) & 0xFFFF;
    }

    /** Whether the directory or the allocation of short streams is longer than {@link #LONGEST}, or runs in a circle. */
    boolean areTooLong() throws IOException {
        // 9 and 12 are the two sizes that exist; POI refuses others.
        if (sectorShift != 9 && sectorShift != 12) {
            return false;
        }
        return isTooLong(numberAt(FIRST_DIRECTORY_SECTOR)) || isTooLong(numberAt(FIRST_MINI_FAT_SECTOR));
    }

    private boolean isTooLong(int firstSector) throws IOException {
        int sector = firstSector;
        for (long length = 0; length <= LONGEST; length += 1L << sectorShift) {
            if (Integer.compareUnsigned(sector, LAST_REGULAR_SECTOR) > 0) {
                return false;
            }
            try {
                sector = next(sector);
            } catch (EOFException e) {
                // The chain leaves the file: POI tells what that means.
                return false;
            }
        }
        return true;
    }

    /** The entry of the allocation table for this sector. */
    private int next(int sector) throws IOException {
        int perSector = 1 << (sectorShift - 2);
        int table = Integer.divideUnsigned(sector, perSector);
        long place = tableSector(table, perSector);
        return numberAt(offset(place) + 4L * Integer.remainderUnsigned(sector, perSector));
    }

    /** Where this sector of the allocation table lies: the header lists the first ones, a chain of its own the others. */
    private long tableSector(int table, int perSector) throws IOException {
        if (table < DIFAT_LENGTH) {
            return Integer.toUnsignedLong(numberAt(DIFAT + 4L * table));
        }
        long list = Integer.toUnsignedLong(numberAt(FIRST_DIFAT_SECTOR));
        int remaining = table - DIFAT_LENGTH;
        // The last number of each sector names the next one.
        while (remaining >= perSector - 1) {
            list = Integer.toUnsignedLong(numberAt(offset(list) + 4L * (perSector - 1)));
            remaining -= perSector - 1;
        }
        return Integer.toUnsignedLong(numberAt(offset(list) + 4L * remaining));
    }

    private long offset(long sector) {
        return (sector + 1) << sectorShift;
    }

    private int numberAt(long position) throws IOException {
        number.clear();
        while (number.hasRemaining()) {
            int read = file.read(number, position + number.position());
            if (read < 0) {
                throw new EOFException();
            }
        }
        return number.getInt(0);
    }
}
