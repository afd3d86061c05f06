#!/usr/bin/env python3
"""Runs the reference workloads R1 and R2 in pairbond and in other systems, all in turn, and prints what
they cost, how they compare, and whether they did the same work. README.md beside this file says more."""
import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# The source tree stays as it is.
sys.dont_write_bytecode = True

import equality
import machine
import reference
import table
from systems import SYSTEMS, Missing, environment, pairbond

WORKLOADS = ("r1", "r2", "start")
REFERENCE_COUPLES = 1000
SUMMARY = ("trust", "trust_sd", "intimacy", "intimacy_sd", "trust_days", "intimacy_days")
REPORTED = {
    "r1": ("couples", "days", "setup_s", "cpu_s", *SUMMARY),
    "r2": ("cells", "cpu_s"),
}
"""What a system must report; README.md says what it means."""


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    keys = [system.key for system in SYSTEMS]
    parser.add_argument("--systems", default=",".join(keys), help="some of %(default)s")
    parser.add_argument("--workloads", default=",".join(WORKLOADS), help="some of %(default)s")
    parser.add_argument("--rounds", type=int, default=7, help="after one that does not count [%(default)s]")
    parser.add_argument("--couples", type=int, default=100_000, help="most couples of R1 [%(default)s]")
    parser.add_argument("--days", type=int, default=365, help="days of R1 [%(default)s]")
    parser.add_argument("--quick", action="store_true", help="one small round, to see that all works")
    parser.add_argument("--strict", action="store_true", help="fail if a system is not here")
    parser.add_argument("--markdown", action="store_true", help="print Markdown tables")
    parser.add_argument("--json", metavar="FILE", help="write every run as JSON")
    chosen = parser.parse_args()
    for name, known in (("systems", keys), ("workloads", WORKLOADS)):
        words = getattr(chosen, name).split(",")
        if unknown := [word for word in words if word not in known]:
            parser.error(f"--{name}: {', '.join(unknown)} is none of {', '.join(known)}")
        setattr(chosen, name, words)
    if chosen.quick:
        chosen.rounds, chosen.couples, chosen.days = 1, 2000, 30
    return chosen


def build(systems):
    """The program of each system, and why others have none."""
    programs, missing = {}, {}
    for system in systems:
        print(f"building {system.name} …", file=sys.stderr)
        try:
            programs[system.key] = system.build()
        except Missing as why:
            missing[system.key] = f"not here: {why}"
    return programs, missing


def stay_on_one_core():
    """Keeps this process and all that it starts on one core, whatever threads they make."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def timed(command):
    """Runs a process to its end."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(list(map(str, command)), env=environment(), capture_output=True, text=True)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    report = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return table.Run(report, cpu, wall)


def progress(words):
    """Says on a terminal what is being run, in place of what it said before."""
    if sys.stderr.isatty():
        print(f"\r{words}\033[K", end="", file=sys.stderr, flush=True)


class Session:
    """The systems that were chosen and built, and how much they are to do."""

    def __init__(self, chosen, tables):
        self.chosen = chosen
        self.tables = Path(tables)
        self.systems = [system for system in SYSTEMS if system.key in chosen.systems]
        self.programs, self.missing = build(self.systems)
        self.version = None
        if "start" in chosen.workloads and "ours" in self.programs:
            self.version = [*pairbond(), "--version"]

    def table_of(self, key, seed):
        return self.tables / f"{key}-{seed}.csv"

    def command(self, system, workload, seed):
        couples, days, step = min(self.chosen.couples, system.couples), self.chosen.days, system.step
        if self.chosen.quick:
            couples, step = max(100, couples * system.couples // 100_000), 133
        if workload == "start":
            workload, couples, days = "r1", 10, 1
        path = self.table_of(system.key, seed)
        return system.command(self.programs[system.key], workload, seed, couples, days, step, path)

    def measured(self, workload):
        """Runs a workload in every system once in each round; round 0 warms up, and does not count."""
        entries = {s.key: table.Entry(s.name, fault=self.missing.get(s.key, "")) for s in self.systems}
        systems = {s.key: s for s in self.systems}
        if workload == "start" and self.version:
            entries["version"] = table.Entry("pairbond --version")
        rounds = self.chosen.rounds
        for number in range(0 if rounds > 1 else 1, rounds + 1):
            for key, entry in entries.items():
                if entry.fault:
                    continue
                progress(f"{workload}, round {number} of {rounds}: {entry.name}")
                command = self.command(systems[key], workload, number) if key in systems else self.version
                try:
                    run = timed(command)
                    self.verify(workload, key, number, run.report)
                except (RuntimeError, OSError, ValueError, KeyError) as error:
                    entry.fault, entry.runs = f"FAILED: {error}", []
                    continue
                if number:
                    entry.runs.append(run)
        progress("")
        return entries

    def verify(self, workload, key, seed, report):
        """Raises if a report lacks a number, or counts other cells than its table has."""
        lacking = [name for name in REPORTED.get(workload, ()) if name not in report]
        if lacking:
            raise RuntimeError(f"reports no {', '.join(lacking)}")
        if workload == "r2" and report["cells"] != len(equality.read(self.table_of(key, seed))):
            raise RuntimeError("reports other cells than it wrote")

    def compare(self, workload, entries, spreads):
        """Holds every system to C, or else to the first that ran; gives whether all agree."""
        ran = {key: entry for key, entry in entries.items() if entry.runs}
        if workload == "start" or not ran:
            return True
        measure = "c" if "c" in ran else next(iter(ran))
        if workload == "r1":
            work = {key: [run.report for run in entry.runs] for key, entry in ran.items()}
            compared = equality.of_ensembles
        else:
            seeds = range(1, self.chosen.rounds + 1)
            work = {key: [equality.read(self.table_of(key, seed)) for seed in seeds] for key in ran}
            compared = equality.of_sweeps
        ran[measure].check = "measure of the others"
        passed = True
        for key in ran.keys() - {measure}:
            verdict = compared(work[key], work[measure], spreads)
            ran[key].check, passed = verdict.words, passed and verdict.passed
        return passed


def show(workload, entries, as_markdown):
    """Prints the table of a workload, with ratios to ours, or else to C."""
    base = next((key for key in ("ours", "c") if key in entries and entries[key].runs), None)
    rows = table.of(workload, entries, base)
    title = table.TITLES[workload]
    print(f"\n### {title}\n\n{table.markdown(rows)}" if as_markdown else f"\n{title}\n\n{table.text(rows)}", flush=True)


def main():
    chosen = options()
    with tempfile.TemporaryDirectory() as tables:
        session = Session(chosen, tables)
        stay_on_one_core()
        facts = machine.description()
        print("\n".join(f"{name}: {value}" for name, value in facts.items()))
        spreads = reference.spreads(REFERENCE_COUPLES, chosen.days)
        passed, results = True, {}
        for workload in chosen.workloads:
            entries = session.measured(workload)
            passed &= session.compare(workload, entries, spreads)
            passed &= not any(entry.fault.startswith("FAILED") for entry in entries.values())
            show(workload, entries, chosen.markdown)
            results[workload] = entries
    facts["load at the end"] = machine.load()
    print(f"\nload at the end: {facts['load at the end']}")
    if chosen.json:
        with open(chosen.json, "w") as file:
            json.dump({"machine": facts, "workloads": results}, file, indent=1, default=vars)
    if not passed:
        sys.exit("error: a system failed, or did not do the same work")
    if session.missing and chosen.strict:
        sys.exit("error: not here: " + ", ".join(session.missing))


if __name__ == "__main__":
    main()
