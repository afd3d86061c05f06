"""Tables of what was measured: medians, with least and most in brackets."""
from __future__ import annotations

import statistics
from dataclasses import dataclass, field

CELLS = 400
COUPLE_DAYS_OF_SWEEP = CELLS * 200 * 365
TITLES = {
    "r1": "R1: days of one population, set-up and compilation left out",
    "r2": "R2: a sweep of 20 x 20 cells to a table, the whole process",
    "start": "Start: the whole process of R1 with 10 couples and 1 day",
}


@dataclass
class Run:
    """One process: what it reported, and what it cost as seen from outside."""

    report: dict
    cpu: float
    wall: float


@dataclass
class Entry:
    """All that is known of a system in one workload."""

    name: str
    runs: list[Run] = field(default_factory=list)
    fault: str = ""
    """Why there are no runs."""
    check: str = ""


def cost(workload, run):
    """The number whose ratio is taken: ns of CPU per couple-day, s of CPU, or ms of CPU."""
    report = run.report
    if workload == "r1":
        return 1e9 * report["cpu_s"] / (report["couples"] * report["days"])
    if workload == "start":
        return 1e3 * run.cpu
    if report["cells"] == CELLS:
        return run.cpu
    return run.cpu + report["cpu_s"] * (CELLS / report["cells"] - 1)


def spread(numbers):
    """Median [least–most], to three figures."""
    middle, *ends = statistics.median(numbers), min(numbers), max(numbers)
    return f"{short(middle)} [{short(ends[0])}–{short(ends[1])}]"


def short(number):
    if number >= 1000:
        return f"{float(f'{number:.3g}'):,.0f}"
    return f"{number:#.3g}".rstrip(".")


def of(workload, entries: dict[str, Entry], base):
    """Rows of a workload's table, its heading first; ratios are to the system whose key is `base`."""
    against = [cost(workload, run) for run in entries[base].runs] if base else []
    rows = [heading(workload, entries[base].name if base else "nothing")]
    for entry in entries.values():
        if entry.runs:
            costs = [cost(workload, run) for run in entry.runs]
            ratios = [mine / theirs for mine, theirs in zip(costs, against)]
            rows.append([entry.name, spread(costs), spread(ratios) if ratios else "–", *rest(workload, entry)])
        else:
            rows.append([entry.name, entry.fault] + [""] * (len(rows[0]) - 2))
    return rows


def heading(workload, base):
    ratio = f"ratio to {base}"
    return {
        "r1": ["system", "CPU [ns/couple-day]", ratio, "couples", "set-up [CPU s]", "peak [MiB]", "same work"],
        "r2": ["system", "CPU [s]", ratio, "ns/couple-day, all in", "cells run", "peak [MiB]", "same work"],
        "start": ["system", "CPU [ms]", ratio, "time of day [ms]", "peak [MiB]"],
    }[workload]


def rest(workload, entry):
    """The cells after the ratio."""
    first = entry.runs[0].report
    peaks = [run.report["peak_mib"] for run in entry.runs if run.report.get("peak_mib")]
    peak = f"{max(peaks):.0f}" if peaks else "–"
    if workload == "r1":
        setup = statistics.median(run.report["setup_s"] for run in entry.runs)
        return [f"{first['couples']:,}", short(setup), peak, entry.check]
    if workload == "r2":
        seconds = statistics.median(cost("r2", run) for run in entry.runs)
        return [short(1e9 * seconds / COUPLE_DAYS_OF_SWEEP), str(first["cells"]), peak, entry.check]
    return [spread([1e3 * run.wall for run in entry.runs]), peak]


def text(rows):
    """Rows in columns of one width."""
    widths = [max(len(row[k]) for row in rows if row[2] or k == 0) for k in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def markdown(rows):
    """Rows as a Markdown table."""
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]])
