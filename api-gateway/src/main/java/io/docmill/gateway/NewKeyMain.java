package io.docmill.gateway;

import io.docmill.model.security.ApiKey;
import java.security.SecureRandom;

/**
 * Prints a new API key as the only line on the standard output: for who sets up a Docmill and needs the first key,
 * {@code DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY}, before there is a gateway to ask for one.
 */
public final class NewKeyMain {
    private NewKeyMain() {}

    /** There are no arguments. */
    public static void main(String[] arguments) {
        System.out.println(ApiKey.generate(new SecureRandom()).text());
    }
}
