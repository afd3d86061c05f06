"""Whether systems did equal work: their numbers agree within Monte Carlo error."""
import csv
import math
import statistics

CELL_COUPLES = 200
LIMIT = 4.5
"""Standard errors by which two systems may differ."""


class Verdict:
    """What a comparison found: the words for the table, and whether it passed."""

    def __init__(self, words, passed):
        self.words = words if passed else f"UNEQUAL: {words}"
        self.passed = passed


def of_ensembles(reports, others, spreads):
    """Compares reports of R1, pooled over rounds; `spreads` are those of couples."""
    worst = max((abs(z), name) for name, z in differences(reports, others, spreads))
    return Verdict(f"z up to {worst[0]:.1f}", worst[0] < LIMIT)


def differences(reports, others, spreads):
    one_in = [1 / sum(report["couples"] for report in run) for run in (reports, others)]

    def z(name, deviation):
        mine, theirs = (statistics.fmean(report[name] for report in run) for run in (reports, others))
        return name, (mine - theirs) / (deviation * math.sqrt(sum(one_in)))

    for name, spread in spreads.items():
        yield z(name, spread.deviation)
    for name in ("trust", "intimacy"):
        spread = spreads[name]
        yield z(name + "_sd", spread.deviation * math.sqrt((spread.kurtosis - 1) / 4))


def read(table):
    """The rows of a table of R2, by cell."""
    with open(table, newline="") as file:
        rows = [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]
    return {(round(row["responsiveness"], 4), round(row["anxiety"], 4)): row for row in rows}


def of_sweeps(tables, others, spreads):
    """Compares tables of R2, cell by cell in each round. One of the two may have only some of the cells."""
    pairs = [(mine[cell], theirs[cell]) for mine, theirs in zip(tables, others) for cell in mine if cell in theirs]
    if len(pairs) not in (sum(map(len, tables)), sum(map(len, others))):
        return Verdict("other cells", False)
    n, passed, words = len(pairs), True, []
    for name in ("trust", "intimacy"):
        zs = [
            (mine[name] - theirs[name])
            / math.sqrt((mine[name + "_sd"] ** 2 + theirs[name + "_sd"] ** 2) / CELL_COUPLES)
            for mine, theirs in pairs
        ]
        rms = math.sqrt(statistics.fmean(z * z for z in zs))
        passed &= abs(rms - 1) < LIMIT / math.sqrt(2 * n) + 0.05
        passed &= abs(sum(zs)) / math.sqrt(n) < LIMIT
        words.append(f"{rms:.2f}")
    for name in ("trust_days", "intimacy_days"):
        shift = statistics.fmean(mine[name] - theirs[name] for mine, theirs in pairs)
        passed &= abs(shift) < LIMIT * spreads[name].deviation * math.sqrt(2 / (CELL_COUPLES * n))
    return Verdict(f"rms z {', '.join(words)}", passed)
