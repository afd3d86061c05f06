"""Exceptions and warnings, and the diagnostics that they carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._results import Results


@dataclass(frozen=True)
class Place:
    """A place in a text; lines and columns are counted from 1, and a column is a character."""

    file: str
    """The file, or ``--set KEY=VALUE`` for a value that was set."""
    line: int
    column: int
    end_line: int
    end_column: int
    label: str | None
    """What is to be said of this place."""

    @classmethod
    def _of(cls, message: Mapping[str, Any]) -> Place:
        return cls(
            file=str(message.get("file", "")),
            line=int(message.get("line", 1)),
            column=int(message.get("column", 1)),
            end_line=int(message.get("end_line", 1)),
            end_column=int(message.get("end_column", 1)),
            label=message.get("label"),
        )


@dataclass(frozen=True)
class Diagnostic:
    """An error or warning of a scenario."""

    level: str
    """``error`` or ``warning``."""
    code: str
    """A stable code such as ``E007``, which :func:`pairbond.explain` describes."""
    message: str
    place: Place
    help: str | None
    """What to write instead, where that is known."""
    others: tuple[Place, ...]
    """Other places that matter."""
    rendered: str
    """All of it as text, with the line underlined."""

    @property
    def file(self) -> str:
        """The file, or ``--set KEY=VALUE`` for a value that was set."""
        return self.place.file

    @property
    def line(self) -> int:
        """The line, from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """The column in characters, from 1."""
        return self.place.column

    def __str__(self) -> str:
        """Return all of it as text."""
        return self.rendered

    @classmethod
    def _of(cls, message: Mapping[str, Any]) -> Diagnostic:
        return cls(
            level=str(message["level"]),
            code=str(message["code"]),
            message=str(message["message"]),
            place=Place._of(message),
            help=message.get("help"),
            others=tuple(Place._of(other) for other in message.get("others", [])),
            rendered=str(message["rendered"]),
        )


class PairbondError(Exception):
    """What all exceptions of this package are, except :class:`Interrupted`."""


class ProgramNotFoundError(PairbondError):
    """The program is not installed."""


class VersionError(PairbondError):
    """The program, or a folder of results, is of a version that this package cannot use."""


class ResultsError(PairbondError):
    """A folder or table of results cannot be read."""


class ScenarioError(PairbondError):
    """The scenario, or a value set in it, is invalid; ``diagnostics`` has every error."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Make the error of some diagnostics."""
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(diagnostic.rendered for diagnostic in diagnostics))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that are errors, without warnings."""
        return tuple(it for it in self.diagnostics if it.level == "error")


class CommandError(PairbondError):
    """The program failed, or refused what it was asked for."""

    def __init__(
        self,
        message: str,
        *,
        exit_code: int | None = None,
        help: str | None = None,
        resume: Path | None = None,
        results: Results | None = None,
    ) -> None:
        """Make the error of a message of the program."""
        self.message = message
        self.exit_code = exit_code
        self.help = help
        self.resume = resume
        """The folder whose finished jobs can be resumed, if there is one."""
        self.results = results
        """The results that are in place all the same, if there are any."""
        lines = [message]
        if help:
            lines.append(f"tip: {help}")
        super().__init__("\n".join(lines))


class RefusedError(CommandError):
    """The program refused what it was asked for, and wrote nothing."""


class ProgramKilledError(CommandError):
    """A signal ended the program, such as the system's when memory is short."""


class Interrupted(KeyboardInterrupt):
    """Work was interrupted, and the program has ended cleanly.

    It is a :class:`KeyboardInterrupt`, so that ``except Exception`` does not catch it.
    """

    def __init__(self, message: str, resume: Path | None) -> None:
        """Make the interruption of work whose finished jobs are in a folder, if there are any."""
        self.resume = resume
        """The folder whose finished jobs can be resumed, if there is one."""
        super().__init__(message)


class ScenarioWarning(UserWarning):
    """A warning or note of the program."""


class VersionWarning(UserWarning):
    """Results were made by another version, which may give other numbers."""
