"""Makes the fixtures that the statistics are held against.

Run in this folder with the versions of requirements.txt:
    python statistics.py
"""

import csv

import numpy as np
from lifelines import KaplanMeierFitter
from scipy import stats


def write(name, rows, header=None):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if header:
            writer.writerow(header)
        writer.writerows(rows)


def distributions():
    for dof in [0.7, 1, 2, 3.5, 9, 30, 120, 1999, 1e5]:
        for t in [-30, -4, -1.5, -0.2, 0, 0.01, 0.9, 2.5, 7]:
            yield "student_cdf", t, dof, repr(float(stats.t.cdf(t, dof)))
        for p in [1e-8, 0.001, 0.025, 0.2, 0.4, 0.49999, 0.5, 0.7, 0.975, 0.9999]:
            yield "student_quantile", p, dof, repr(float(stats.t.ppf(p, dof)))
    for trials in [1, 7, 40, 1000, 250_000]:
        for successes in sorted({0, 1, trials // 3, trials - 1, trials}):
            interval = stats.binomtest(successes, trials).proportion_ci(0.95, "wilson")
            yield "wilson_low", successes, trials, repr(float(interval.low))
            yield "wilson_high", successes, trials, repr(float(interval.high))
    for trials in [2, 15, 63, 300]:
        for successes in sorted({0, 1, 3, trials // 3} & set(range(trials))):
            limit = stats.binomtest(successes, trials).proportion_ci(0.9, "exact").high
            yield "clopper_pearson_high", successes, trials, repr(float(limit))


def lifetimes(rng):
    """Group, last day, whether it ended then: both groups with ties and censoring."""
    rows = []
    for group, size, scale in [(0, 60, 120), (1, 45, 220)]:
        ends = np.ceil(rng.exponential(scale, size)).astype(int)
        seen = rng.integers(20, 300, size) // 10 * 10
        rows += [(group, min(e, s), int(e <= s)) for e, s in zip(ends, seen)]
    return rows


def survival(rows):
    days = [day for group, day, _ in rows if group == 0]
    ended = [end for group, _, end in rows if group == 0]
    fitter = KaplanMeierFitter().fit(days, ended)
    events, curve = fitter.event_table, fitter.survival_function_["KM_estimate"]
    interval = fitter.confidence_interval_
    greenwood = 0.0
    for day in events.index:
        n, d = events.at_risk[day], events.observed[day]
        alive = curve[day]
        greenwood += d / (n * (n - d)) if n > d else np.nan
        low, high = interval.loc[day]
        if alive in (0.0, 1.0) and day > 0:  # the log-log scale is infinite there
            low = high = np.nan
        error = alive * np.sqrt(greenwood)
        yield [int(day), n, d] + [repr(float(x)) for x in (alive, error, low, high)]


if __name__ == "__main__":
    rng = np.random.default_rng(2026)
    write("statistics.csv", distributions())
    lives = lifetimes(rng)
    write("lifetimes.csv", lives, ["group", "day", "ended"])
    header = ["day", "at_risk", "ended", "survival", "se", "ci_low", "ci_high"]
    write("survival.csv", survival(lives), header)
