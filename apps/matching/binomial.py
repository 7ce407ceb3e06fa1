"""Compute exact binomial bounds (Clopper and Pearson 1934) by bisection; one function does not justify scipy."""

from math import exp, lgamma, log, log1p


def at_most(seen: int, trials: int, p: float) -> float:
    """Return the probability of `seen` or fewer successes in `trials`, each with probability `p`."""
    if p <= 0 or seen >= trials:
        return 1.0
    if p >= 1:
        return 0.0
    log_p, log_q = log(p), log1p(-p)
    total = lgamma(trials + 1)
    terms = (total - lgamma(k + 1) - lgamma(trials - k + 1) + k * log_p + (trials - k) * log_q for k in range(seen + 1))
    return min(1.0, sum(exp(t) for t in terms))


def upper_bound(seen: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of a rate after `seen` successes in `trials`.

    The bound is the p at which so few successes have probability 1 - confidence; 1.0 without trials.
    """
    if seen >= trials:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if at_most(seen, trials, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high
