import Testing
@testable import PrometheusMetrics
