"""The program: where it is, and how it is run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from ._errors import (
    CommandError,
    Diagnostic,
    Interrupted,
    PairbondError,
    ProgramKilledError,
    ProgramNotFoundError,
    RefusedError,
    ScenarioError,
    ScenarioWarning,
    VersionError,
)
from ._version import __version__

NAME = "pairbond.exe" if os.name == "nt" else "pairbond"
INTERRUPTED = 130
REFUSED = 2
# What follows the name of the folder in which finished jobs are kept.
UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Version:
    """What ``pairbond --version --verbose`` says."""

    version: str
    commit: str
    """The commit of a release build, if it was built from a repository."""
    engine: str
    """The vector instructions that this machine uses."""
    features: tuple[str, ...]
    target: str
    program: Path


@dataclass
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    stdout: str
    diagnostics: list[Diagnostic] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def diagnostics_of(self, level: str) -> list[Diagnostic]:
        """Return the diagnostics of a level, such as ``error``."""
        return [it for it in self.diagnostics if it.level == level]

    def messages_of(self, *levels: str) -> list[dict[str, Any]]:
        """Return the messages of some levels, in the order in which they were printed."""
        return [it for it in self.messages if it.get("level") in levels]


def _candidates() -> Iterator[Path]:
    """Where the program may be, the best place first."""
    named = os.environ.get("PAIRBOND")
    if named:
        yield Path(named)
        return
    # The wheel's own program.
    with contextlib.suppress(metadata.PackageNotFoundError):
        for file in metadata.files("pairbond") or []:
            if file.name == NAME and file.suffix in ("", ".exe"):
                path = Path(str(file.locate()))
                if path.is_file():
                    yield path.resolve()
    yield Path(sysconfig.get_path("scripts")) / NAME
    found = shutil.which("pairbond")
    if found:
        yield Path(found)
    yield Path.home() / ".cargo" / "bin" / NAME


def find_program() -> Path:
    """Return the path of the program.

    The environment variable ``PAIRBOND`` names it; else it is the one of this package, or one on
    the path.

    Raises:
        ProgramNotFoundError: There is none.
    """
    tried = []
    for path in _candidates():
        if path.is_file() and os.access(path, os.X_OK):
            return path.absolute()
        tried.append(str(path))
    if os.environ.get("PAIRBOND"):
        reason = f"PAIRBOND names {tried[0]}, which is not a program"
        raise ProgramNotFoundError(f"{reason}; correct the environment variable or remove it")
    raise ProgramNotFoundError(
        "the program pairbond was not found: `pip install --force-reinstall pairbond` or "
        "`cargo install pairbond` installs it, or the environment variable PAIRBOND names it "
        f"(looked for {', '.join(tried)})"
    )


_KNOWN: dict[tuple[str, int, int], Version] = {}


def _described(path: Path) -> Version:
    """Ask a program for its version; the answer is kept as long as the file stays the same."""
    try:
        stat = path.stat()
        key = (str(path), stat.st_mtime_ns, stat.st_size)
        if key in _KNOWN:
            return _KNOWN[key]
        words = [str(path), "--version", "--verbose"]
        ended = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramNotFoundError(f"could not start {path}: {error}") from error
    text = ended.stdout.decode("utf-8", "replace")
    lines = dict(re.findall(r"^(commit|engine|features|target): (.*)$", text, re.MULTILINE))
    if not lines:
        # Earlier programs know `--version` only.
        plain = subprocess.run(
            words[:2], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60
        )
        text = plain.stdout.decode("utf-8", "replace")
    match = re.match(r"pairbond (\S+)", text)
    if match is None:
        raise VersionError(f"{path} is not the program pairbond")
    features = lines.get("features", "none")
    version = Version(
        version=match[1],
        commit=lines.get("commit", "not recorded"),
        engine=lines.get("engine", "unknown"),
        features=() if features == "none" else tuple(features.split(", ")),
        target=lines.get("target", "unknown"),
        program=path,
    )
    if not lines and version.version == __version__:
        raise VersionError(f"{path} is a development version that is older than this package")
    _KNOWN[key] = version
    return version


def version() -> Version:
    """Return version, commit, engine and features of the program.

    Raises:
        ProgramNotFoundError: There is no program.
        VersionError: It is of another version than this package.
    """
    found = _described(find_program())
    if found.version != __version__:
        raise VersionError(
            f"{found.program} is version {found.version}, and this package needs {__version__}: "
            "install both of one version, or name another program by the environment variable "
            "PAIRBOND"
        )
    return found


def _stack_level() -> int:
    """How far up the caller of this package is, for warnings."""
    level, frame = 1, sys._getframe(1)
    package = os.path.dirname(__file__)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == package:
        level, frame = level + 1, frame.f_back
    return level


def warn(text: str, category: type[Warning] = ScenarioWarning) -> None:
    """Warn at the line that called this package."""
    warnings.warn(text, category, stacklevel=_stack_level())


OnMessage = Callable[[dict[str, Any]], None]


def execute(
    arguments: Iterable[str | os.PathLike[str]],
    *,
    on_progress: OnMessage | None = None,
    shown: Callable[[str], str] = lambda text: text,
) -> Outcome:
    """Run a command of the program, without a shell.

    Its messages are objects of JSON. An interruption is passed on to the program, which ends at the
    next job and removes what is incomplete.

    Args:
        arguments: The command and its arguments.
        on_progress: Called with every message of progress.
        shown: What is shown in the place of a text in messages.

    Raises:
        Interrupted: Ctrl-C, or the stop button of a notebook.
        ProgramKilledError: A signal ended the program.
    """
    program = version().program
    words = [
        os.fspath(program),
        "--message-format",
        "json",
        *(os.fspath(word) for word in arguments),
    ]
    # The child is the only one in its group: a terminal sends Ctrl-C to a whole group, and a second
    # signal would end the program without cleaning up.
    group: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
    try:
        child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **group,
        )
    except OSError as error:
        raise ProgramNotFoundError(f"could not start {program}: {error}") from error
    printed: list[bytes] = []
    reader = threading.Thread(target=_read_all, args=(child.stdout, printed), daemon=True)
    outcome = Outcome(code=0, stdout="")
    interrupted = False
    try:
        reader.start()
        while True:
            try:
                _read_messages(child, outcome, on_progress, shown)
                outcome.code = child.wait()
                reader.join()
                break
            except KeyboardInterrupt:
                # What follows is read as before, until the program has ended.
                interrupted = True
                on_progress = None
                _interrupt(child)
    except BaseException:
        # What `on_progress` raises: the program does not stay behind.
        _interrupt(child)
        child.wait()
        raise
    finally:
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()
    outcome.stdout = b"".join(printed).decode("utf-8", "replace")
    if interrupted:
        raise _interruption(outcome)
    if outcome.code < 0:
        raise _killed(outcome)
    return outcome


def _interrupt(child: subprocess.Popen[bytes]) -> None:
    # SIGTERM ends the program as SIGINT does. A shell starts jobs in the background with SIGINT
    # ignored, which the program inherits and keeps to: a notebook server that was started so could
    # not interrupt it.
    if child.poll() is None:
        child.terminate()


def _read_all(pipe: Any, printed: list[bytes]) -> None:
    # The pipe is closed under the thread where the program is ended.
    with contextlib.suppress(ValueError, OSError):
        printed.append(pipe.read())


def _read_messages(
    child: subprocess.Popen[bytes],
    outcome: Outcome,
    on_progress: OnMessage | None,
    shown: Callable[[str], str],
) -> None:
    if child.stderr is None:
        return
    for line in iter(child.stderr.readline, b""):
        text = line.decode("utf-8", "replace").rstrip("\n")
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            # A panic, or what a library of the system prints.
            message = {"kind": "message", "level": None, "message": text}
        if message.get("kind") == "progress":
            if on_progress is not None:
                on_progress(message)
            continue
        message = _replaced(message, shown)
        if message.get("kind") == "diagnostic":
            outcome.diagnostics.append(Diagnostic._of(message))
        else:
            outcome.messages.append(message)


def _replaced(value: Any, shown: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {key: _replaced(inner, shown) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, shown) for inner in value]
    return value


def _resume_folder(outcome: Outcome) -> Path | None:
    """The folder of results that unfinished work was for; its jobs are kept next to it."""
    folders = [it["resume"] for it in outcome.messages if it.get("resume")]
    if not folders:
        return None
    path = Path(folders[-1])
    return path.with_name(path.name.removesuffix(UNFINISHED))


def _interruption(outcome: Outcome) -> Interrupted:
    resume = _resume_folder(outcome)
    if resume is not None:
        text = f"interrupted; finished jobs are kept: resume with out={str(resume)!r}, resume=True"
    elif outcome.code == 0:
        text = "interrupted as the work was done"
    else:
        text = "interrupted; no files were written"
    return Interrupted(text, resume)


def _killed(outcome: Outcome) -> ProgramKilledError:
    try:
        name = signal.Signals(-outcome.code).name
    except ValueError:
        name = f"signal {-outcome.code}"
    said = "\n".join(str(it["message"]) for it in outcome.messages)
    text = f"the program was ended by {name}"
    if name == "SIGKILL":
        text += "; the system does so where memory is short"
    text += ". No results were written"
    text += "; finished jobs of a sweep or analysis are kept, and resume=True continues it"
    return ProgramKilledError("\n".join(filter(None, [text, said])), exit_code=outcome.code)


def raise_for(outcome: Outcome) -> None:
    """Warn of what the program warned of, and raise what it failed of.

    Raises:
        ScenarioError: The scenario has errors.
        RefusedError: The request was refused as given.
        CommandError: The work failed.
    """
    warn_of(outcome)
    if outcome.code == 0:
        return
    if outcome.diagnostics_of("error") and not outcome.messages_of("error"):
        raise ScenarioError(outcome.diagnostics)
    raise command_error(outcome)


def command_error(outcome: Outcome, **more: Any) -> PairbondError:
    """Make the error of a command that failed."""
    reported = outcome.messages_of("error") or outcome.messages
    text = "\n".join(str(it["message"]) for it in reported) or f"exit code {outcome.code}"
    text += "".join(f"\n{it.rendered}" for it in outcome.diagnostics_of("error"))
    text = in_python(text)
    helps = [it["help"] for it in reported if it.get("help")]
    resume = _resume_folder(outcome)
    if resume is not None:
        text += f" (out={str(resume)!r})"
    if outcome.code == INTERRUPTED:
        # Another process has interrupted the program.
        text = f"the program was interrupted: {text}"
    kind = RefusedError if outcome.code == REFUSED else CommandError
    return kind(
        text,
        exit_code=outcome.code,
        help=helps[0] if helps else None,
        resume=resume,
        **more,
    )


def in_python(text: str) -> str:
    """Return a message of the program with arguments of Python in the place of options."""
    text = text.replace("(--force replaces it)", "(force=True replaces it)")
    return text.replace("run the same command with --resume", "use resume=True")


def warn_of(outcome: Outcome) -> None:
    """Warn of what the program warned of."""
    for diagnostic in outcome.diagnostics_of("warning"):
        warn(diagnostic.rendered)
    for message in outcome.messages_of("warning", "note"):
        warn(in_python(str(message["message"])))
