package io.docmill.worker.job;

import io.docmill.platform.neighbour.NeighbourUnavailableException;

/** No directory for a job can be made or written now: the disk is full, or the work directory is gone. Trying again later may help. */
final class WorkspaceUnavailableException extends NeighbourUnavailableException {
    private static final long serialVersionUID = 1L;

    WorkspaceUnavailableException(String message) {
        super(message, null);
    }

    WorkspaceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
