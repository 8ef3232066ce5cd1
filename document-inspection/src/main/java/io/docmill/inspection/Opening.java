package io.docmill.inspection;

import io.docmill.model.document.DocumentFormat;
import java.nio.file.Path;

/** What {@link DocumentOpener} made of a document and a password. */
public sealed interface Opening {

    /** LibreOffice opens it as it is, and must not be given a password: it refuses one that it does not need. */
    record Plain() implements Opening {}

    /** The password opens it; LibreOffice is to decrypt it with that. */
    record Unlocked() implements Opening {}

    /**
     * It was decrypted and inspected.
     *
     * @param file the decrypted document
     * @param format by its content, which may be another one than the encrypted document's name told
     */
    record Decrypted(Path file, DocumentFormat format) implements Opening {}

    /** It is encrypted, and no password came. */
    record PasswordRequired() implements Opening {}

    /** The password does not open it. */
    record WrongPassword() implements Opening {}

    /** It is encrypted in a way that can't be checked here: old obfuscations, extensible encryption. LibreOffice has to try. */
    record Undecided() implements Opening {}

    /** What it holds, or what describes its encryption, must not go to LibreOffice. */
    record Refused(Inspection.Refused refusal) implements Opening {}
}
