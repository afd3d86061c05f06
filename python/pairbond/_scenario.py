"""Scenarios as mappings that keep the comments of their text."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.exceptions import ParseError

from . import _commands
from ._errors import Diagnostic, Place, ScenarioError
from ._program import execute, raise_for
from ._toml import literal, plain

if TYPE_CHECKING:
    from ._results import Results


class Scenario(MutableMapping[str, Any]):
    """A scenario: a mapping of the tables and keys of its text.

    >>> scenario = Scenario({"title": "Two years", "run": {"couples": 500}})
    >>> scenario["run"]["days"] = 730
    >>> print(scenario.to_toml())
    title = "Two years"
    <BLANKLINE>
    [run]
    couples = 500
    days = 730
    <BLANKLINE>

    Items that are assigned change the text; comments and order of the rest stay. :meth:`set`
    returns a scenario with values set as ``--set`` of the command line sets them.
    """

    def __init__(self, content: Mapping[str, Any] | None = None, *, name: str = "scenario") -> None:
        """Make a scenario of tables and keys.

        Args:
            content: The tables and keys. Without it there is only a title.
            name: Name of its file in results, without `.toml`.
        """
        self.name = name
        """Name of the file in results and messages, without ``.toml``."""
        self.overrides: dict[str, Any] = {}
        """Values that are set over those of the text, by dotted keys."""
        self._folder: Path | None = None
        document = tomlkit.document()
        if content is None:
            content = {"title": "Default scenario"}
        for key, value in content.items():
            document[key] = plain(value)
        self._document = document

    @classmethod
    def parse(cls, text: str, *, name: str = "scenario") -> Scenario:
        """Read the text of a scenario, in TOML.

        Raises:
            ScenarioError: It is not TOML. What else is wrong, :meth:`check` and :meth:`run` find.
        """
        scenario = cls({}, name=name)
        try:
            scenario._document = tomlkit.parse(text)
        except ParseError as error:
            raise _syntax_error(text, name, error) from None
        return scenario

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Scenario:
        """Read a scenario file.

        Raises:
            ScenarioError: It is not TOML.
            OSError: It cannot be read.
        """
        path = Path(path)
        text = path.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        scenario = cls.parse(text, name=path.stem)
        scenario._folder = path.absolute().parent
        return scenario

    @classmethod
    def example(cls, name: str) -> Scenario:
        """Return a scenario that comes with the program; :func:`pairbond.examples` lists them."""
        return cls.parse(_commands.example_text(name), name=name.rsplit("/", 1)[-1])

    def set(self, key: str | Mapping[str, Any], value: Any = None) -> Scenario:
        """Return a scenario with values set by their dotted keys, as ``--set`` sets them.

        >>> base = Scenario({"title": "Care"})
        >>> more = base.set("traits.responsiveness", 0.8).set({"run.couples": 500, "run.days": 60})
        """
        changed = self.copy()
        if isinstance(key, Mapping):
            changed.overrides.update(key)
        else:
            changed.overrides[key] = value
        for name, given in changed.overrides.items():
            if not name or "=" in name:
                raise ValueError(f"{name!r} is not a dotted key")
            literal(given)
        return changed

    def copy(self) -> Scenario:
        """Return a copy that shares nothing."""
        other = type(self)({}, name=self.name)
        other._document = copy.deepcopy(self._document)
        other.overrides = dict(self.overrides)
        other._folder = self._folder
        return other

    def to_toml(self) -> str:
        """Return the text.

        Raises:
            ValueError: Values are set over those of the text, which it cannot hold.
        """
        if self.overrides:
            values = ", ".join(self.overrides)
            raise ValueError(
                f"the text does not hold what was set by set(): {values}. Assign items instead, as "
                'in scenario["run"]["couples"] = 500'
            )
        return self._text()

    def _text(self) -> str:
        return str(tomlkit.dumps(self._document))

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the text to a file, which appears whole or not at all.

        Raises:
            FileExistsError: The file exists, and `force` is not given.
            ValueError: As :meth:`to_toml`.
        """
        path, text = Path(path), self.to_toml()
        descriptor, staged = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(staged, 0o666 & ~mask)
            if force:
                os.replace(staged, path)
            else:
                os.link(staged, path)
        finally:
            Path(staged).unlink(missing_ok=True)
        return path

    def check(self, **options: Any) -> list[Diagnostic]:
        """Return all errors and warnings, as :func:`pairbond.check`."""
        return _commands.check(self, **options)

    def run(self, **options: Any) -> Results:
        """Simulate the couples, as :func:`pairbond.run`."""
        return _commands.run(self, **options)

    def sweep(self, **options: Any) -> Results:
        """Run the sweep, as :func:`pairbond.sweep`."""
        return _commands.sweep(self, **options)

    def claims(self, **options: Any) -> Results:
        """Test the claims, as :func:`pairbond.claims`."""
        return _commands.claims(self, **options)

    def study(self, **options: Any) -> Results:
        """Make data sets of the study, as :func:`pairbond.study`."""
        return _commands.study(self, **options)

    def power(self, **options: Any) -> Results:
        """Measure the power of the study, as :func:`pairbond.power`."""
        return _commands.power(self, **options)

    def recover(self, **options: Any) -> Results:
        """Examine what the study could tell, as :func:`pairbond.recover`."""
        return _commands.recover(self, **options)

    def _write(self, folder: Path) -> Path:
        """Write the text to a folder, with the table of points that it names."""
        path = folder / f"{self.name}.toml"
        path.write_bytes(self._text().encode("utf-8", "surrogateescape"))
        sweep = self.get("sweep")
        table = sweep.get("table") if isinstance(sweep, Mapping) else None
        if isinstance(table, str) and self._folder is not None:
            source = self._folder / table
            inside = not os.path.isabs(table) and ".." not in Path(table).parts
            if inside and source.is_file():
                (folder / table).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, folder / table)
        return path

    def __getitem__(self, key: str) -> Any:
        """Return a table or value."""
        return self._document[key]

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a table or value of the text."""
        self._document[key] = plain(value)

    def __delitem__(self, key: str) -> None:
        """Remove a table or value from the text."""
        del self._document[key]

    def __iter__(self) -> Iterator[str]:
        """Return the names of tables and keys at the top."""
        return iter(self._document)

    def __len__(self) -> int:
        """Return the number of tables and keys at the top."""
        return len(self._document)

    def __eq__(self, other: object) -> bool:
        """Return whether the content is the same, whatever the comments."""
        if isinstance(other, Scenario):
            same = self._document.unwrap() == other._document.unwrap()
            return same and self.overrides == other.overrides
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return the name and title."""
        title = self.get("title", "")
        return f"<pairbond.Scenario {self.name}: {title}>"


def _syntax_error(text: str, name: str, error: ParseError) -> ScenarioError:
    """What the program says of a text that is not TOML."""
    with tempfile.TemporaryDirectory(prefix="pairbond-") as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        outcome = execute(["check", path], shown=lambda said: said.replace(f"{folder}/", ""))
    if outcome.diagnostics and outcome.code:
        return ScenarioError(outcome.diagnostics)
    raise_for(outcome)
    place = Place(f"{name}.toml", error.line, error.col + 1, error.line, error.col + 1, None)
    message = f"the text cannot be edited: {error}"
    return ScenarioError([Diagnostic("error", "E005", message, place, None, (), message)])
