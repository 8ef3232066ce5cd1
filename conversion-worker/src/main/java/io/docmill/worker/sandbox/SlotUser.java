package io.docmill.worker.sandbox;

/**
 * A user of the kernel that one slot's programs run as, with a group of the same number.
 *
 * @param id uid and gid
 * @param group the group that all slots have besides: it opens the directories above those of the slots
 */
record SlotUser(int id, int group) {

    SlotUser {
        if (id < 1 || group < 1) {
            throw new IllegalArgumentException("A slot does not run as user " + id + " and group " + group);
        }
    }
}
