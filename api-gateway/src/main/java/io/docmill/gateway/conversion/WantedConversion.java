package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.FileRecord;

/**
 * A request that was found valid.
 *
 * @param scope whose it is
 * @param id the conversion it asks for
 * @param source the record of what is converted
 * @param parameters what is asked for
 * @param requestId for the logs
 */
record WantedConversion(
        ScopeId scope, ConversionId id, FileRecord source, ConversionParameters parameters, String requestId) {
    InFlightConversions.Key key() {
        return new InFlightConversions.Key(scope, id, parameters.refresh());
    }
}
