import Analysis
package import Assignment

/// How long a healthy rollout is expected to take, and what its comparisons can find meanwhile.
package struct Outlook: Sendable, Equatable {
    package var checks: [CheckOutlook]
    /// The steps that are still to be passed, the current one first.
    package var steps: [StepTime]
    /// How long all of them take together.
    package var total: ExpectedTime
    package var warnings: [OutlookWarning]

    /// How long one step takes: as long as its slowest check.
    package struct StepTime: Sendable, Equatable {
        /// Counts from 0.
        package var step: Int
        package var exposure: Percentage
        package var passing: ExpectedTime
    }
}

/// What one comparison is expected to come to.
package struct CheckOutlook: Sendable, Equatable {
    package var name: String
    package var traffic: ExpectedTraffic
    /// The share of failures that is promised, where that counts instead of a control.
    package var objective: Double?
    package var steps: [StepForecast]
}

extension Policy {
    /// What a rollout that is not started is expected to come to.
    ///
    /// - Parameter traffic: What each comparison is expected to count; one without is left out.
    /// - Returns: Nil where that is none of them.
    package func outlook(expecting traffic: [String: ExpectedTraffic]) -> Outlook? {
        outlook(expecting: traffic, from: 0, gathered: nil)
    }

    /// The same for each comparison's traffic alike.
    package func outlook(expecting traffic: ExpectedTraffic) -> Outlook? {
        outlook(expecting: comparisonChecks.reduce(into: [:]) { $0[$1.name] = traffic })
    }

    /// What a rollout that is not started is expected to come to, going by what its control counted so far.
    package func outlook(after histories: [String: ControlHistory]) -> Outlook? {
        let traffic = comparisonChecks.reduce(into: [String: ExpectedTraffic]()) { traffic, check in
            traffic[check.name] = histories[check.name].flatMap {
                ExpectedTraffic(
                    ComparisonProgress($0),
                    of: check.comparison,
                    under: check.comparison.settings(under: comparisons)
                )
            }
        }
        return outlook(expecting: traffic)
    }

    fileprivate func outlook(
        expecting traffic: [String: ExpectedTraffic],
        from first: Int,
        gathered: (StepProgress, settling: Span)?
    ) -> Outlook? {
        let checks = comparisonChecks.compactMap { check -> CheckOutlook? in
            guard let expected = traffic[check.name], expected.exposures > 0, expected.failing > 0,
                expected.failing < 1
            else { return nil }
            return CheckOutlook(
                name: check.name,
                traffic: expected,
                objective: check.comparison.objective,
                steps: forecasts(
                    of: check.comparison,
                    expected,
                    from: first,
                    gathered: gathered.flatMap { progress, settling in
                        progress.checks.first { $0.name == check.name }?.comparison
                            .map { progress.gathered($0, of: self, step: first, settling: settling) }
                    }
                )
            )
        }
        guard !checks.isEmpty else { return nil }
        let times = steps.indices.dropFirst(first).map { index in
            Outlook.StepTime(
                step: index,
                exposure: exposure(of: steps[index]),
                passing: checks.flatMap(\.steps).filter { $0.step == index }.map(\.passing).max() ?? .never
            )
        }
        return Outlook(
            checks: checks,
            steps: times,
            total: times.map(\.passing).reduce(.about(.zero)) { $0 + $1 },
            warnings: OutlookWarning.all(of: checks, under: self)
        )
    }

    private func forecasts(
        of comparison: Comparison,
        _ traffic: ExpectedTraffic,
        from first: Int,
        gathered: (Gathered, SequentialComparison)?
    ) -> [StepForecast] {
        var settings = comparison.settings(under: comparisons)
        // A comparison that sees what is expected, to ask it what each step is held against: its φ is known.
        settings.learnsDispersion = false
        var test = SequentialComparison(
            dispersionPrior: 1 + (traffic.burstiness - 1) / settings.dispersionSafety,
            history: traffic.known
        )
        return steps.indices.dropFirst(first).compactMap { index in
            let next = steps.indices.contains(index + 1) ? index + 1 : nil
            let exposure = exposure(of: steps[index])
            let outlook = outlook(of: comparison, at: exposure, before: next, traffic: traffic.exposures)
            test.begin(outlook, under: settings)
            guard let step = (index == first ? gathered?.1.step : nil) ?? test.step else { return nil }
            let forecasting = StepForecasting(
                comparison: comparison,
                settings: settings,
                traffic: traffic,
                sharing: comparisonChecks.count,
                interval: interval,
                exposure: exposure,
                share: outlook.share ?? 0,
                nextShare: (outlook.nextExposures ?? 0) / traffic.exposures,
                step: step
            )
            let fresh = Gathered(settling: settle, baking: steps[index].bake)
            let forecast = forecasting.forecast(
                index,
                bake: steps[index].bake,
                after: (index == first ? gathered?.0 : nil) ?? fresh
            )
            if let looks = forecast.passing.span.map({ $0.seconds / max(0.001, interval.seconds) }) {
                test.look(at: forecasting.counts(of: looks), under: settings)
            }
            return forecast
        }
    }
}

extension StepProgress {
    /// What a comparison has gathered in the current step, and the comparison itself.
    fileprivate func gathered(
        _ progress: ComparisonProgress,
        of policy: Policy,
        step: Int,
        settling: Span
    ) -> (Gathered, SequentialComparison) {
        let bake = policy.steps.indices.contains(step) ? policy.steps[step].bake : .zero
        let gathered = Gathered(
            settling: settling,
            baking: isBakeWaived ? .zero : (bake - baked).clamped(.zero, bake),
            looks: progress.test.step?.settledLooks ?? 0,
            samples: progress.test.step?.counts.treatment.exposures ?? 0,
            evidence: progress.test.evidenceOfHarmlessness
        )
        return (gathered, progress.test)
    }
}

extension RolloutState {
    /// What the rest of the rollout is expected to come to at the traffic it has had; nil where that is not known, or
    /// where no step is being baked.
    package var outlook: Outlook? {
        guard let step = phase.step else { return nil }
        let traffic = policy.comparisonChecks.reduce(into: [String: ExpectedTraffic]()) { traffic, check in
            traffic[check.name] = progress.checks.first { $0.name == check.name }?.comparison.flatMap {
                ExpectedTraffic(
                    $0,
                    of: check.comparison,
                    under: check.comparison.settings(under: policy.comparisons)
                )
            }
        }
        return policy.outlook(expecting: traffic, from: step, gathered: (progress, settlingLeft))
    }

    /// How long targets are still given until their readers have picked up what is confirmed, as of the last tick.
    package var settlingLeft: Span {
        guard let confirmedAt = progress.confirmedAt, let last = progress.lastTickAt else { return .zero }
        return (confirmedAt + policy.settle - last).clamped(.zero, policy.settle)
    }
}
