"""The reference workloads R1 and R2 as the Python peers share them.

A peer gives one function, `prepare(cells, couples, days, seed)`, which draws `couples` couples for each
cell and returns a function that lives their days. `cells` has a mean responsiveness and anxiety for each
cell of the sweep, or is `[None]` for the one population of R1. What the returned function gives are two
arrays: the partners' trust and intimacy at the end, indexed [state, partner, cell, couple], and the means
over all partners of a cell at each day's end, indexed [state, cell, day].
"""
import csv
import json
import sys
import time

import numpy as np

SIDE = 20
CELL_COUPLES = 200
CELL_DAYS = 365
HEADER = ["responsiveness", "anxiety", "trust", "trust_sd", "intimacy", "intimacy_sd", "trust_days", "intimacy_days"]


def drawn(cells, couples, seed):
    """State and traits of all partners, indexed [number, partner, cell, couple].

    The numbers are trust, intimacy, responsiveness, openness, anxiety, avoidance.
    """
    numbers = np.random.default_rng(seed).random((6, 2, len(cells), couples))
    for cell, means in enumerate(cells):
        if means:
            for number, mean in zip((2, 4), means):
                near = mean + 0.2 * (numbers[number, :, cell] - 0.5)
                numbers[number, :, cell] = np.clip(near, 0.0, 1.0)
    return numbers


def main(prepare, cells_at_once=True):
    """Answers `r1 COUPLES DAYS SEED` or `r2 STEP TABLE SEED` by one line of JSON."""
    workload, *words = sys.argv[1:]
    if workload == "r1":
        line = ensemble(prepare, *map(int, words))
    else:
        step, table, seed = words
        line = sweep(prepare, cells_at_once, int(step), table, int(seed))
    print(json.dumps({"workload": workload, **line, "peak_mib": peak_mib()}))


def ensemble(prepare, couples, days, seed):
    live = prepare([None], couples, days, seed)
    setup, begin = time.process_time(), time.perf_counter()
    end, daily = live()
    cpu, wall = time.process_time() - setup, time.perf_counter() - begin
    timing = {"couples": couples, "days": days, "setup_s": setup, "cpu_s": cpu, "wall_s": wall}
    return {**timing, **dict(zip(HEADER[2:], summaries(end, daily)[0]))}


def sweep(prepare, cells_at_once, step, table, seed):
    grid = 0.05 + 0.9 * np.arange(SIDE) / (SIDE - 1)
    cells = [(grid[cell // SIDE], grid[cell % SIDE]) for cell in range(0, SIDE * SIDE, step)]
    setup, rows = time.process_time(), []
    for first, part in [(0, cells)] if cells_at_once else [(k, [cell]) for k, cell in enumerate(cells)]:
        live = prepare(part, CELL_COUPLES, CELL_DAYS, seed * SIDE * SIDE + first)
        if cells_at_once:
            setup = time.process_time()
        rows += [[*cell, *summary] for cell, summary in zip(part, summaries(*live()))]
    with open(table, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows([f"{number:.6f}" for number in row] for row in rows)
    return {"cells": len(cells), "setup_s": setup, "cpu_s": time.process_time() - setup}


def summaries(end, daily):
    """For each cell mean and standard deviation over couples of trust and intimacy, and the means over days."""
    of_couples = np.mean(end, axis=1)
    means, deviations, over_days = of_couples.mean(axis=-1), of_couples.std(axis=-1), np.mean(daily, axis=-1)
    return np.stack([means[0], deviations[0], means[1], deviations[1], *over_days], axis=-1).tolist()


def peak_mib():
    """The most memory that was resident; `None` where the system does not say."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None
