"""R1 in plain Python: the model as the text states it, and how much couples differ in what systems report.

The checks of equal work take their standard errors from here. They count couples, not partners, because
the partners of a couple correlate.
"""
import random
import statistics
from dataclasses import dataclass


@dataclass
class Spread:
    """How a number of couples is distributed: standard deviation, and kurtosis (3 for a normal one)."""

    deviation: float
    kurtosis: float

    @staticmethod
    def of(numbers):
        mean, deviation = statistics.fmean(numbers), statistics.pstdev(numbers)
        kurtosis = statistics.fmean(((x - mean) / deviation) ** 4 for x in numbers)
        return Spread(deviation, kurtosis)


def spreads(couples, days, seed=1):
    """The spread over couples of the couple's mean trust and intimacy on the last day and over all days."""
    uniform = random.Random(seed).random
    lives = [life(uniform, days) for _ in range(couples)]
    names = ("trust", "intimacy", "trust_days", "intimacy_days")
    return {name: Spread.of(numbers) for name, numbers in zip(names, zip(*lives))}


def life(uniform, days):
    """A couple's mean trust and intimacy on the last day, and over all days."""
    states = [(uniform(), uniform()) for _ in range(2)]
    traits = [tuple(uniform() for _ in range(4)) for _ in range(2)]
    sums = [0.0, 0.0]
    for _ in range(days):
        states = [
            disclosed(states[i], traits[i], states[1 - i], traits[1 - i], uniform(), uniform()) for i in range(2)
        ]
        for k in range(2):
            sums[k] += (states[0][k] + states[1][k]) / 2
    return [(states[0][k] + states[1][k]) / 2 for k in range(2)] + [total / days for total in sums]


def disclosed(state, traits, others_state, others_traits, u1, u2):
    """Trust and intimacy of a partner after a disclosure to the other."""
    t, m = state
    _, o, a, v = traits
    _, others_m = others_state
    others_r, _, _, others_v = others_traits
    d = o * (1 - 0.7 * v) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m)
    p = others_r * (0.4 + 0.6 * others_m) * (1 - 0.3 * others_v)
    q = 1 - 0.5 * a * (1 - t) * u2 if u1 < p else 0.3 * u2 * (1 - a)
    trust = t + 0.02 * q * (1 - t) if q >= 0.5 else t - 0.06 * (1 - q) * t
    return trust, m + 0.03 * d * q * (1 - m) - 0.004 * m - 0.015 * d * (1 - q) * m
