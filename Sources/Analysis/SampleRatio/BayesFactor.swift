/// How much better counts are explained by shares that are off than by the shares they should have.
///
/// The alternative says that the true shares are somewhere around the right ones, with a Dirichlet distribution of
/// parameters αᵢ = concentration · wᵢ; the larger the concentration, the closer around. The counts n then are
/// multinomial-Dirichlet, and the factor is B(α + n) / B(α) / ∏ wᵢ^nᵢ, with the multivariate beta function
/// B(α) = ∏ Γ(αᵢ) / Γ(Σ αᵢ). Lindon and Malek, *Anytime-valid inference for multinomial count data* (2022), which is what
/// Optimizely's ssrm-test computes.
package enum BayesFactor {
    /// Optimizely's concentration: for deviations of tenths of a percentage point among tens of thousands of clients.
    package static let fineConcentrations = [10_000.0]

    /// From gross deviations that a hundred clients give away to fine ones that need tens of thousands.
    ///
    /// A Bayes factor under a mixture of priors is the mean of theirs, and as safe to peek at. For each of the four
    /// it costs at most a factor of 4 in the evidence.
    package static let mixedConcentrations = [10.0, 100, 1_000, 10_000]

    /// The natural logarithm of the factor.
    ///
    /// - Parameters:
    ///   - counts: 0 or more each; need not be whole.
    ///   - shares: What each should be of the sum; 0 or more, adding up to 1, as many as counts.
    ///   - concentrations: Above 0; several are mixed in equal parts. At least one.
    /// - Returns: Infinite where something was counted that has no share.
    package static func logarithm(of counts: [Double], against shares: [Double], concentrations: [Double])
        -> Double
    {
        let known = zip(counts, shares).filter { $1 > 0 }
        guard !zip(counts, shares).contains(where: { $0 > 0 && $1 <= 0 }) else { return .infinity }
        guard known.count > 1 else { return 0 }
        let factors = concentrations.map { logarithm(of: known, concentration: $0) }
        // The mean of their exponentials, which would overflow.
        let largest = factors.max() ?? 0
        let sum = factors.reduce(0) { $0 + SpecialFunctions.exponential($1 - largest) }
        return largest + SpecialFunctions.logarithm(sum / Double(max(1, factors.count)))
    }

    private static func logarithm(of known: [(count: Double, share: Double)], concentration: Double) -> Double
    {
        let total = known.reduce(0) { $0 + $1.count }
        let gained = known.reduce(0) { sum, arm in
            let prior = concentration * arm.share
            return sum + SpecialFunctions.logGamma(prior + arm.count) - SpecialFunctions.logGamma(prior)
                - arm.count * SpecialFunctions.logarithm(arm.share)
        }
        let shares = known.reduce(0) { $0 + $1.share }
        let prior = concentration * shares
        return gained - SpecialFunctions.logGamma(prior + total) + SpecialFunctions.logGamma(prior)
    }
}
