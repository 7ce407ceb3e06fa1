"""Exact binomial bounds (Clopper and Pearson 1934), by bisection on the tail: scipy is not needed for one
function.
"""

from math import exp, lgamma, log, log1p


def at_most(seen: int, trials: int, p: float) -> float:
    """The probability of `seen` or fewer in `trials` of probability p each."""
    if p <= 0 or seen >= trials:
        return 1.0
    if p >= 1:
        return 0.0
    log_p, log_q = log(p), log1p(-p)
    total = lgamma(trials + 1)
    terms = (total - lgamma(k + 1) - lgamma(trials - k + 1) + k * log_p + (trials - k) * log_q for k in range(seen + 1))
    return min(1.0, sum(exp(t) for t in terms))


def upper_bound(seen: int, trials: int, confidence: float = 0.95) -> float:
    """The one-sided upper bound of a rate after `seen` in `trials`: the p that makes so few just as
    unlikely as 1 - confidence. 1.0 without trials.
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
