package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.util.LinkedHashMap;
import java.util.Map;

/** The whole environment of the programs in a slot. Nothing of the worker's own environment gets there. */
final class OfficeEnvironment {

    private OfficeEnvironment() {}

    static Map<String, String> of(Sandbox sandbox, SlotDirectory slot) {
        var environment = new LinkedHashMap<String, String>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", sandbox.inside(slot, slot.home()).toString());
        environment.put("TMPDIR", sandbox.inside(slot, slot.scratch()).toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("TZ", "UTC");
        // Where LibreOffice puts its pipe when it may not write to /tmp, relative to its working directory.
        environment.put("OSL_SOCKET_PATH", SlotDirectory.SOCKETS_FROM_FILES);
        // The backend that needs no display, also where another one is installed.
        environment.put("SAL_USE_VCLPLUGIN", "svp");
        return environment;
    }
}
