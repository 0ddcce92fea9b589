import FoundationEssentials
import HTTPTransport

extension PrometheusSource {
    /// Loads what the first answer needs: libcurl's TLS library, and the types an answer is decoded into.
    ///
    /// The runtime looks up each generic type in a scan over the whole program, once in a process. Harmless to
    /// call at any time, from any thread, or never.
    package static func warmUp() {
        HTTPTransport.warmUp()
        let bodies = [
            #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"1"]}]}}"#,
            #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]]}]}}"#,
        ]
        for body in bodies { _ = try? JSONDecoder().decode(Envelope.self, from: Data(body.utf8)) }
    }
}
