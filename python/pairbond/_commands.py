"""The commands of the program as functions."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ._errors import CommandError, Diagnostic, Interrupted
from ._frames import can_read_parquet
from ._program import (
    UNFINISHED,
    Outcome,
    command_error,
    execute,
    raise_for,
    version,
    warn_of,
)
from ._progress import Display, ProgressOption
from ._results import MANIFEST, Results
from ._toml import literal

if TYPE_CHECKING:
    from ._scenario import Scenario

PathLike: TypeAlias = str | os.PathLike[str]
ScenarioLike: TypeAlias = "PathLike | Scenario"
TableFormat: TypeAlias = Literal["auto", "csv", "parquet"]


@dataclass
class _Request:
    """A scenario as a file, and where its results go."""

    file: Path
    overrides: list[str]
    # The folder of a scenario that has no file, as messages would show it.
    hidden: str | None

    def shown(self, text: str) -> str:
        return text.replace(self.hidden, "") if self.hidden else text


@contextlib.contextmanager
def _as_file(
    scenario: ScenarioLike, set: Mapping[str, Any] | None, seed: int | None = None
) -> Iterator[_Request]:
    """Give a scenario a file; one that has none has it for the time of the command."""
    from ._scenario import Scenario

    values = dict(scenario.overrides) if isinstance(scenario, Scenario) else {}
    values.update(set or {})
    for key in values:
        if not key or "=" in key:
            raise ValueError(f"{key!r} is not a dotted key")
    overrides = [f"--set={key}={literal(value)}" for key, value in values.items()]
    if seed is not None:
        overrides.append(f"--seed={int(seed)}")
    if not isinstance(scenario, Scenario):
        yield _Request(Path(scenario).absolute(), overrides, None)
        return
    with tempfile.TemporaryDirectory(prefix="pairbond-") as folder:
        yield _Request(scenario._write(Path(folder)), overrides, f"{folder}{os.sep}")


class _Out:
    """Where results go: a folder that is named, or a temporary one that goes with the results."""

    def __init__(self, out: PathLike | None, name: str) -> None:
        self.root: Path | None = None
        if out is None:
            self.root = Path(tempfile.mkdtemp(prefix="pairbond-"))
            self.folder = self.root / (name or "results")
        else:
            self.folder = Path(out).absolute()

    def keep(self) -> None:
        """Keep a temporary folder, whose work can be resumed."""
        self.root = None

    def remove(self) -> None:
        if self.root is not None:
            shutil.rmtree(self.root, ignore_errors=True)


def _table_format(format: TableFormat) -> str:
    if format not in ("auto", "csv", "parquet"):
        raise ValueError(f"tables are 'csv' or 'parquet', not {format!r}")
    if format != "auto":
        return format
    return "parquet" if "parquet" in version().features and can_read_parquet() else "csv"


def _saving(
    charts: bool, report: bool, bundle: bool, force: bool, threads: int | None
) -> list[str]:
    words = [] if charts else ["--no-charts"]
    words += [] if report else ["--no-report"]
    words += ["--bundle"] if bundle else []
    words += ["--force"] if force else []
    words += [] if threads is None else [f"--threads={int(threads)}"]
    return words


def _resuming(resume: bool, out: PathLike | None) -> list[str]:
    if resume and out is None:
        raise ValueError("resume=True needs the folder of what was interrupted: out=…")
    return ["--resume"] if resume else []


def _perform(
    words: Sequence[str | Path],
    out: _Out,
    request: _Request | None,
    progress: ProgressOption,
    inner: str | None = None,
) -> Results:
    """Run a command that writes results, and open them."""
    folder = out.folder if inner is None else out.folder / inner
    shown = request.shown if request is not None else lambda text: text
    try:
        with Display(progress) as display:
            outcome = execute(words, on_progress=display, shown=shown)
        if outcome.code != 1 or not (folder / MANIFEST).is_file():
            raise_for(outcome)
        return _opened(outcome, folder, out, shown)
    except (Interrupted, CommandError) as error:
        unfinished = out.folder.with_name(out.folder.name + UNFINISHED)
        if error.resume is not None or unfinished.exists():
            out.keep()
        raise
    finally:
        out.remove()


def _perform_on(
    command: str,
    scenario: ScenarioLike,
    set: Mapping[str, Any] | None,
    seed: int | None,
    out: PathLike | None,
    words: Sequence[str],
    progress: ProgressOption,
) -> Results:
    """Run a command on a scenario, whose name its folder has."""
    with _as_file(scenario, set, seed) as request:
        to = _Out(out, _name_of(scenario))
        own: list[str | Path] = [command, request.file, *request.overrides, *words]
        return _perform([*own, "-o", to.folder], to, request, progress)


def _opened(outcome: Outcome, folder: Path, out: _Out, shown: Any) -> Results:
    summary = _without_place(shown(outcome.stdout), folder)
    results = Results(
        folder,
        temporary=out.root,
        summary=summary,
        as_expected=outcome.code == 0,
    )
    # They are the results' from now on.
    out.keep()
    warn_of(outcome)
    if outcome.messages_of("error"):
        raise command_error(outcome, results=results)
    return results


def _without_place(text: str, folder: Path) -> str:
    """What the program printed, without the line that says which file to open."""
    place = re.escape(str(folder))
    is_place = re.compile(rf"^(Open {place}.* first; .*|\d+ files in {place}; .*)$")
    lines = [line for line in text.splitlines() if not is_place.match(line)]
    return "\n".join(lines).strip()


def _name_of(scenario: ScenarioLike) -> str:
    from ._scenario import Scenario

    return scenario.name if isinstance(scenario, Scenario) else Path(scenario).stem


def run(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Simulate the couples of a scenario, with all its conditions.

    Args:
        scenario: A scenario file, or a :class:`Scenario`.
        set: Values by dotted keys, such as ``{"run.couples": 2000}``, as ``--set`` sets them.
        seed: The seed; the same as the key ``run.seed``.
        out: Folder of the results. Without it they are in a temporary folder, which is removed
            with them; :meth:`Results.save` keeps them.
        format: Format of the tables: ``"parquet"`` where it can be read, or ``"csv"``.
        charts: Whether charts are drawn.
        report: Whether a report is written.
        bundle: Whether what repositories ask for is added: RO-Crate metadata, a Psych-DS
            description, and the preregistration of the scenario.
        force: Whether older results of the same kind in `out` are replaced.
        threads: Number of threads; by default all cores. Results do not depend on it.
        progress: True or False, a function that is called with a :class:`Progress`, or ``"auto"``:
            in notebooks and terminals.

    Raises:
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as `out` exists.
        CommandError: The work failed.
        Interrupted: Ctrl-C, or the stop button of a notebook.
    """
    words = _saving(charts, report, bundle, force, threads)
    words.append(f"--format={_table_format(format)}")
    return _perform_on("run", scenario, set, seed, out, words, progress)


def sweep(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    resume: bool = False,
    reuse: Sequence[PathLike | Results] = (),
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Run the sweep of a scenario: a design over its values.

    Args:
        scenario: As for :func:`run`, with a ``[sweep]``.
        set: As for :func:`run`.
        seed: As for :func:`run`.
        out: As for :func:`run`. The temporary folder of a sweep that is interrupted is kept.
        format: As for :func:`run`.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        resume: Whether a sweep that was interrupted is continued from `out`.
        reuse: Results of finished sweeps, whose runs are taken where they are the same.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ValueError: `resume` without `out`.
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as there is no ``[sweep]``.
        CommandError: The work failed.
        Interrupted: Ctrl-C. ``resume`` of the exception is the folder to continue from.
    """
    words = _saving(charts, report, bundle, force, threads)
    words.append(f"--format={_table_format(format)}")
    words += _resuming(resume, out)
    for earlier in reuse:
        words += ["--reuse", str(_folder_of(earlier))]
    return _perform_on("sweep", scenario, set, seed, out, words, progress)


def claims(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    max_runs: int | None = None,
    ablate: Sequence[str] = (),
    audit: bool = False,
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Test the claims of a scenario: each is supported, refuted or undecided.

    ``claims`` of the results is the table of verdicts; :attr:`Results.as_expected` says whether all
    are those that the scenario expects.

    Args:
        scenario: As for :func:`run`, with a ``[[claim]]``.
        set: As for :func:`run`.
        seed: As for :func:`run`.
        out: Folder in which the folder of the results is made, named after the scenario.
        format: As for :func:`run`.
        max_runs: Maximum number of replicates of a condition.
        ablate: Mechanisms that are switched off in every condition.
        audit: Whether each claim is tested again under changes that must not matter: half the step,
            other moments, twice the couples, other seeds and swapped partners. The table ``audit``
            of the results has the effects.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as there is no ``[[claim]]``.
        CommandError: The work failed.
        Interrupted: Ctrl-C, or the stop button of a notebook.
    """
    with _as_file(scenario, set, seed) as request:
        options = _saving(charts, report, bundle, force, threads)
        words: list[str | Path] = ["claims", request.file, *request.overrides, *options]
        words.append(f"--format={_table_format(format)}")
        words += [] if max_runs is None else [f"--max-runs={int(max_runs)}"]
        words += [f"--ablate={mechanism}" for mechanism in ablate]
        words += ["--audit"] if audit else []
        to = _Out(out, "claims")
        inner = request.file.stem
        return _perform([*words, "-o", to.folder], to, request, progress, inner)


def study(
    scenario: ScenarioLike,
    *,
    replicates: int = 1,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Make data sets as the study of a scenario would have them.

    ``prompts_pairwise`` and ``waves_pairwise`` of the results have the answers with both partners
    in a row, ``truth`` the states behind them, ``participation`` who answered when; scripts for R
    are in the folder.

    Args:
        scenario: As for :func:`run`, with a ``[study]``.
        replicates: Number of data sets. A data set is the same whatever their number.
        set: As for :func:`run`.
        seed: As for :func:`run`.
        out: As for :func:`run`.
        format: As for :func:`run`.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as there is no ``[study]``.
        CommandError: The work failed.
        Interrupted: Ctrl-C, or the stop button of a notebook.
    """
    words = _saving(charts, report, bundle, force, threads)
    words += [f"--format={_table_format(format)}", f"--replicates={int(replicates)}"]
    return _perform_on("study", scenario, set, seed, out, words, progress)


def power(
    scenario: ScenarioLike,
    *,
    replicates: int | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    resume: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Measure the power of a study with given effects or of simulated couples.

    ``power`` of the results has power, bias, coverage and errors of sign and size of each effect in
    each design; ``frontier``, with a ``[power.search]``, the smallest designs that suffice.

    Args:
        scenario: As for :func:`run`, with a ``[power]``.
        replicates: Number of data sets of each design; by default that of the scenario.
        set: As for :func:`run`.
        seed: As for :func:`run`.
        out: As for :func:`run`. The temporary folder of an analysis that is interrupted is kept.
        format: As for :func:`run`.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        resume: Whether an analysis that was interrupted is continued from `out`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ValueError: `resume` without `out`.
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as there is no ``[power]``.
        CommandError: The work failed.
        Interrupted: Ctrl-C. ``resume`` of the exception is the folder to continue from.
    """
    words = _saving(charts, report, bundle, force, threads)
    words += _resuming(resume, out)
    words.append(f"--format={_table_format(format)}")
    words += [] if replicates is None else [f"--replicates={int(replicates)}"]
    return _perform_on("power", scenario, set, seed, out, words, progress)


def recover(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    resume: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Examine which numbers behind its couples a study could tell, and which rival explanations.

    ``recovery`` of the results has contraction, bias, coverage and a verdict of each quantity in
    each design, ``pairs`` the equifinal pairs, ``regions`` the same by thirds of the priors;
    ``rivals`` and ``confusion``, with ``[[rival]]``, which explanations are told apart.

    Args:
        scenario: As for :func:`run`, with a ``[study]``, and a ``[recover]`` or rivals.
        set: As for :func:`run`.
        seed: As for :func:`run`.
        out: As for :func:`run`. The temporary folder of an analysis that is interrupted is kept.
        format: As for :func:`run`.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        resume: Whether an analysis that was interrupted is continued from `out`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ValueError: `resume` without `out`.
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The request was refused, for instance as there is no ``[recover]``.
        CommandError: The work failed.
        Interrupted: Ctrl-C. ``resume`` of the exception is the folder to continue from.
    """
    words = _saving(charts, report, bundle, force, threads)
    words += _resuming(resume, out)
    words.append(f"--format={_table_format(format)}")
    return _perform_on("recover", scenario, set, seed, out, words, progress)


def validate(
    targets: Sequence[str] = (),
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    out: PathLike | None = None,
    couples: int | None = None,
    ablation: bool = False,
    table: PathLike | None = None,
    against: PathLike | None = None,
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Repeat published studies on simulated couples, and compare their numbers with the model's.

    Args:
        targets: Targets such as ``"C01"``, or tiers ``"C"``, ``"V"``, ``"P"``; all if empty.
        set: As for :func:`run`.
        seed: Seed of all simulated studies.
        out: As for :func:`run`.
        couples: Couples of each simulated cohort.
        ablation: Whether all studies are repeated without each mechanism.
        table: A table of targets of your own.
        against: An earlier table ``targets.csv``; :attr:`Results.as_expected` says whether the
            verdicts are the same.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ScenarioError: A value that is set is invalid.
        RefusedError: The request was refused.
        CommandError: The work failed.
        Interrupted: Ctrl-C, or the stop button of a notebook.
    """
    words: list[str | Path] = ["validate"]
    words += [f"--set={key}={literal(value)}" for key, value in (set or {}).items()]
    words += [] if seed is None else [f"--seed={int(seed)}"]
    words += [] if couples is None else [f"--couples={int(couples)}"]
    words += ["--ablation"] if ablation else []
    words += [] if table is None else ["--targets", Path(table).absolute()]
    words += [] if against is None else ["--against", Path(against).absolute()]
    words += _saving(charts, report, bundle, force, threads)
    to = _Out(out, "validation")
    return _perform([*words, "-o", to.folder, "--", *targets], to, None, progress)


def compare(
    *conditions: ScenarioLike | Results,
    names: Sequence[str] | None = None,
    out: PathLike | None = None,
    format: TableFormat = "auto",
    charts: bool = True,
    report: bool = True,
    bundle: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: ProgressOption = "auto",
) -> Results:
    """Compare finished runs, or scenarios, couple by couple.

    ``differences`` of the results has the paired differences from the first condition.

    Args:
        conditions: Results of :func:`run`, their folders, scenario files, or scenarios without
            values of :meth:`Scenario.set`.
        names: Their names; by default those of the folders and files.
        out: As for :func:`run`.
        format: As for :func:`run`.
        charts: As for :func:`run`.
        report: As for :func:`run`.
        bundle: As for :func:`run`.
        force: As for :func:`run`.
        threads: As for :func:`run`.
        progress: As for :func:`run`.

    Raises:
        ValueError: There are fewer than two, or not as many names.
        ScenarioError: A scenario is invalid.
        RefusedError: They cannot be compared; the message says why.
        CommandError: The work failed.
        Interrupted: Ctrl-C, or the stop button of a notebook.
    """
    from ._scenario import Scenario

    if len(conditions) < 2:
        raise ValueError("at least two runs or scenarios can be compared")
    if names is not None and len(names) != len(conditions):
        raise ValueError(f"{len(conditions)} runs or scenarios have {len(names)} names")
    with contextlib.ExitStack() as stack:
        paths = []
        hidden = None
        for place, condition in enumerate(conditions):
            if isinstance(condition, Scenario):
                condition.to_toml()
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pairbond-"))
                hidden = f"{folder}{os.sep}"
                path = condition._write(Path(folder))
            else:
                path = _folder_of(condition)
            name = names[place] if names is not None else path.stem
            paths.append(f"{name}={path}")
        words: list[str | Path] = ["compare", *_saving(charts, report, bundle, force, threads)]
        words.append(f"--format={_table_format(format)}")
        to = _Out(out, "compared")
        request = _Request(Path(), [], hidden)
        return _perform([*words, "-o", to.folder, "--", *paths], to, request, progress)


def _folder_of(given: PathLike | Results) -> Path:
    return given.folder if isinstance(given, Results) else Path(given).absolute()


def check(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> list[Diagnostic]:
    """Return all errors and warnings of a scenario; none if it is sound.

    Args:
        scenario: As for :func:`run`.
        set: As for :func:`run`.
        seed: As for :func:`run`.

    Raises:
        RefusedError: The file cannot be read.
    """
    values = dict(set or {})
    if seed is not None:
        values["run.seed"] = int(seed)
    with _as_file(scenario, values) as request:
        words: list[str | Path] = ["check", request.file, *request.overrides, "--quiet"]
        outcome = execute(words, shown=request.shown)
    if outcome.messages_of("error"):
        raise_for(outcome)
    if outcome.code and not outcome.diagnostics_of("error"):
        raise_for(outcome)
    return outcome.diagnostics


def preregister(
    scenario: ScenarioLike,
    *,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> str:
    """Return the preregistration of a scenario in Markdown; its bytes are the same after the run.

    Args:
        scenario: As for :func:`run`.
        set: As for :func:`run`.
        seed: As for :func:`run`.

    Raises:
        ScenarioError: The scenario is invalid; it has all errors with their places.
        RefusedError: The file cannot be read.
    """
    with _as_file(scenario, set, seed) as request:
        outcome = execute(
            ["preregister", *request.overrides, "--", request.file], shown=request.shown
        )
    raise_for(outcome)
    return outcome.stdout


def explain(name: str) -> str:
    """Return what a key, error code, column, chart, mechanism, measure, target or term means.

    Raises:
        RefusedError: There is nothing of this name; the message has near ones.
    """
    outcome = execute(["explain", "--", name])
    raise_for(outcome)
    return outcome.stdout.strip()


def examples() -> dict[str, str]:
    """Return the names of the scenarios that come with the program, with their titles."""
    outcome = execute(["examples"])
    raise_for(outcome)
    lines = [line.split(maxsplit=1) for line in outcome.stdout.splitlines() if line.strip()]
    return {line[0]: line[-1] for line in lines}


def example_text(name: str) -> str:
    """Return the text of a scenario that comes with the program.

    Raises:
        RefusedError: There is none of this name.
    """
    outcome = execute(["examples", "--", name])
    raise_for(outcome)
    return outcome.stdout
