"""Folders of results: tables as frames, charts, reports."""

from __future__ import annotations

import base64
import html
import json
import os
import shutil
import tempfile
import tomllib
import weakref
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ._errors import ResultsError, VersionWarning
from ._frames import Backend, Column, Frame, chosen_backend, read_codebook, read_table
from ._program import execute, raise_for, warn
from ._version import __version__

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
# What a notebook shows of results, the first that there is.
FIRST_CHARTS = (
    "differences",
    "trajectories",
    "tornado",
    "sobol",
    "morris",
    "lines",
    "contrasts",
    "claims",
    "frontier",
    "power",
    "contraction",
    "confusion",
    "targets",
    "ablation",
)


class Chart:
    """A chart, which notebooks show."""

    def __init__(self, name: str, svg: str, png: bytes | None) -> None:
        """Make a chart of its files."""
        self.name = name
        self.svg = svg
        """The chart as SVG."""
        self.png = png
        """The chart as PNG, if the program draws them."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the chart to a file that ends in `.svg` or `.png`.

        Raises:
            ValueError: It ends otherwise, or there is no PNG.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".svg":
                path.write_text(self.svg, encoding="utf-8")
            case ".png" if self.png is not None:
                path.write_bytes(self.png)
            case suffix:
                raise ValueError(f"the chart {self.name} cannot be written as {suffix!r}")
        return path

    def __repr__(self) -> str:
        """Return the name."""
        return f"<pairbond.Chart {self.name}>"

    def _repr_html_(self) -> str:
        # As an image, so that the names within it do not meet those of other charts on the page.
        data = base64.b64encode(self.svg.encode()).decode("ascii")
        name = html.escape(self.name)
        source = f"data:image/svg+xml;base64,{data}"
        return f'<img alt="{name}" style="max-width: 100%" src="{source}">'


class Charts(Mapping[str, Chart]):
    """The charts of results by their names; notebooks show all of them."""

    def __init__(self, charts: Mapping[str, Chart]) -> None:
        """Make a mapping of charts."""
        self._charts = dict(charts)

    def __getitem__(self, name: str) -> Chart:
        """Return a chart.

        Raises:
            KeyError: There is none of this name.
        """
        if name not in self._charts:
            there = ", ".join(self._charts) or "none"
            raise KeyError(f"there is no chart {name!r}; there are: {there}")
        return self._charts[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._charts)

    def __len__(self) -> int:
        """Return the number of charts."""
        return len(self._charts)

    def __repr__(self) -> str:
        """Return the names."""
        return f"<pairbond.Charts {', '.join(self._charts)}>"

    def _repr_html_(self) -> str:
        return "\n".join(chart._repr_html_() for chart in self._charts.values())


class Report:
    """The report of results: one page of HTML, which notebooks show."""

    def __init__(self, html_text: str, path: Path | None) -> None:
        """Make a report of its page."""
        self.html = html_text
        self.path = path
        """Its file, if it has one that stays."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file."""
        path = Path(path)
        path.write_text(self.html, encoding="utf-8")
        return path

    def open(self) -> None:
        """Open the page in a browser."""
        path = self.path
        if path is None:
            folder = tempfile.mkdtemp(prefix="pairbond-")
            path = self.save(Path(folder) / "report.html")
        webbrowser.open(path.absolute().as_uri())

    def __repr__(self) -> str:
        """Return the place."""
        return f"<pairbond.Report {self.path or 'in memory'}>"

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        style = "width: 100%; height: 40em; border: 1px solid #ccc"
        return f'<iframe sandbox="" style="{style}" srcdoc="{page}"></iframe>'


class Results:
    """Results of the program: a folder that is complete.

    Each table is an attribute that reads it as a frame: ``results.couples``,
    ``results.trajectory``, ``results.summaries``. :attr:`tables` lists them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        temporary: Path | None = None,
        summary: str | None = None,
        as_expected: bool = True,
    ) -> None:
        """Open a folder of results.

        Args:
            folder: The folder.
            temporary: A folder that is removed with these results.
            summary: What the program printed of them.
            as_expected: Whether the program found what it was to expect.
        """
        self._remove = None
        if temporary is not None:
            self._remove = weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)
        self.folder = folder
        """The folder."""
        self.summary = summary
        """What the program printed: the main findings. None for a folder that was read."""
        self.as_expected = as_expected
        """Whether verdicts are those that the scenario, or an earlier table, expects."""
        self.manifest = _read_manifest(folder)
        """Version, scenario, seed, command, tables and hashes of files."""
        self._codebook: dict[str, dict[str, Column]] | None = None

    @property
    def kind(self) -> str:
        """What made the results: ``run``, ``sweep``, ``claims``, ``validation`` and others."""
        return str(self.manifest["kind"])

    @property
    def version(self) -> str:
        """The version of the program that made the results."""
        return str(self.manifest["version"])

    @property
    def title(self) -> str:
        """The title of the scenario."""
        try:
            content = tomllib.loads(self.manifest["scenario"]["text"])
        except tomllib.TOMLDecodeError:
            content = {}
        title = content.get("title")
        return str(title if title else self.manifest["scenario"]["file"])

    @property
    def tables(self) -> dict[str, str]:
        """The names of the tables, with what a row of each is."""
        tables = {str(it["name"]): str(it["row"]) for it in self.manifest["tables"]}
        tables.pop("codebook", None)
        return tables

    @property
    def columns(self) -> dict[str, dict[str, Column]]:
        """The columns of every table: kind, unit, range, categories and meaning."""
        if self._codebook is None:
            path = self.folder / "codebook.csv"
            try:
                self._codebook = read_codebook(path)
            except (OSError, KeyError, ValueError) as error:
                raise ResultsError(f"{path} cannot be read: {error}") from error
        return self._codebook

    def table(
        self,
        name: str,
        *,
        columns: Sequence[str] | None = None,
        frames: Backend | None = None,
    ) -> Frame:
        """Read a table as a frame.

        Categories are those of the codebook. With pandas, `attrs["labels"]` has the meaning of each
        column and `attrs["units"]` its unit.

        Args:
            name: Name of the table.
            columns: The columns to read; all of them if None.
            frames: ``"pandas"`` or ``"polars"``.

        Raises:
            KeyError: There is no such table or column.
            ResultsError: The table cannot be read.
        """
        if name not in self.tables:
            raise KeyError(f"these results have no table {name!r}; there are: {self._listed()}")
        path = self.folder / f"{name}.{self.manifest['table_format']}"
        if not path.is_file():
            raise ResultsError(f"{path} is missing: the folder was moved, changed or removed")
        return read_table(path, self.columns[name], chosen_backend(frames), columns)

    def _listed(self) -> str:
        return ", ".join(self.tables)

    def __getattr__(self, name: str) -> Frame:
        """Read the table of this name as a frame."""
        if name.startswith("_") or name == "manifest":
            raise AttributeError(name)
        if name not in self.tables:
            text = f"these results of {self.kind!r} have no table {name!r}"
            raise AttributeError(f"{text}; there are: {self._listed()}")
        return self.table(name)

    def __dir__(self) -> list[str]:
        """Return the attributes, tables included."""
        return sorted({*super().__dir__(), *self.tables})

    @property
    def charts(self) -> Charts:
        """The charts that are in the folder."""
        names = [str(file["name"]) for file in self.manifest["files"]]
        found = sorted(name[:-4] for name in names if name.endswith(".svg"))
        order = {name: place for place, name in enumerate(FIRST_CHARTS)}
        found.sort(key=lambda name: order.get(name, len(order)))
        return Charts(_read_charts(self.folder, found))

    def plot(
        self,
        *,
        observables: Sequence[str] = (),
        measures: Sequence[str] = (),
        days: tuple[int, int] | None = None,
        width: str | None = None,
        titles: bool = True,
    ) -> Charts:
        """Draw the charts again, without running.

        Args:
            observables: Observables of the trajectories of a run; all that are recorded if empty.
            measures: Measures of a sweep; all that differ if empty.
            days: First and last day of the charts over time of a run.
            width: Width of all charts, of a journal's ``"column"`` or ``"page"``.
            titles: Whether charts are headed with title and number of couples.

        Raises:
            RefusedError: The results have no such charts.
        """
        with tempfile.TemporaryDirectory(prefix="pairbond-") as folder:
            out = Path(folder) / "charts"
            words: list[str | Path] = ["plot", self.folder.absolute(), "-o", out, "--quiet"]
            if observables:
                words.append(f"--observables={','.join(observables)}")
            if measures:
                words.append(f"--measures={','.join(measures)}")
            if days is not None:
                words.append(f"--days={days[0]}:{days[1]}")
            if width is not None:
                words.append(f"--width={width}")
            if not titles:
                words.append("--no-title")
            raise_for(execute(words))
            return Charts(_read_charts(out, sorted(path.stem for path in out.glob("*.svg"))))

    def report(self) -> Report:
        """Return the report: findings, charts, methods and how to cite, as one page.

        It is written by the program if the folder has none.
        """
        path = self.folder / "report.html"
        stays = self._remove is None
        if path.is_file():
            return Report(path.read_text(encoding="utf-8"), path if stays else None)
        with tempfile.TemporaryDirectory(prefix="pairbond-") as folder:
            path = Path(folder) / "report.html"
            raise_for(execute(["report", self.folder.absolute(), "-o", str(path), "--quiet"]))
            return Report(path.read_text(encoding="utf-8"), None)

    def verify(self) -> None:
        """Check every file, run the scenario again, and compare the bytes.

        Raises:
            CommandError: Something differs; the message says what.
        """
        raise_for(execute(["verify", self.folder.absolute(), "--quiet"]))

    def bundle(self, folder: str | os.PathLike[str], *, force: bool = False) -> Results:
        """Copy the folder to one with what repositories ask for.

        That is RO-Crate metadata, a Psych-DS description with the tables in ``data``, and the
        preregistration of the scenario.

        Args:
            folder: The new folder.
            force: Whether older results of the same kind there are replaced.

        Returns:
            The results in the new folder.

        Raises:
            RefusedError: The folder exists.
        """
        target = Path(folder).absolute()
        words: list[str | Path] = ["report", self.folder.absolute(), "--bundle", "-o", target]
        raise_for(execute([*words, "--quiet", *(["--force"] if force else [])]))
        return Results(target, summary=self.summary, as_expected=self.as_expected)

    def save(self, folder: str | os.PathLike[str]) -> Results:
        """Copy the folder to a place that stays; it appears there whole or not at all.

        Returns:
            The results in the new folder.

        Raises:
            FileExistsError: The folder exists and is not empty.
        """
        target = Path(folder).absolute()
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise FileExistsError(
                f"{target} already exists and is not empty: choose another folder"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
        try:
            copied = shutil.copytree(self.folder, staging / target.name)
            os.rename(copied, target)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return Results(target, summary=self.summary, as_expected=self.as_expected)

    def __repr__(self) -> str:
        """Return kind, title and place."""
        place = self.folder if self._remove is None else "a temporary folder"
        return f"<pairbond.Results of {self.kind} {self.title!r} in {place}>"

    def __str__(self) -> str:
        """Return the main findings, or what the results are."""
        return self.summary or repr(self)

    def _repr_html_(self) -> str:
        rows = {str(it["name"]): it.get("rows") for it in self.manifest["files"]}
        suffix = self.manifest["table_format"]
        parts = [f"<h4>{html.escape(self.title)}</h4>"]
        if self.summary:
            parts.append(f"<pre>{html.escape(self.summary)}</pre>")
        charts = self.charts
        first = [name for name in FIRST_CHARTS if name in charts] or list(charts)
        if first:
            parts.append(charts[first[0]]._repr_html_())
        items = "".join(
            f"<li><code>{html.escape(name)}</code>: {rows.get(f'{name}.{suffix}')} rows, "
            f"{html.escape(row)} each</li>"
            for name, row in self.tables.items()
        )
        parts.append(f"<details><summary>Tables</summary><ul>{items}</ul></details>")
        return "\n".join(parts)


def _read_charts(folder: Path, names: Sequence[str]) -> dict[str, Chart]:
    charts = {}
    for name in names:
        png = folder / f"{name}.png"
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        charts[name] = Chart(name, svg, png.read_bytes() if png.is_file() else None)
    return charts


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: Any = json.loads(path.read_bytes())
    except FileNotFoundError:
        if not folder.is_dir():
            raise ResultsError(f"there is no folder {folder}") from None
        raise ResultsError(f"{folder} holds no results: it has no {MANIFEST}") from None
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read: {error}") from error
    keys = ("version", "kind", "scenario", "table_format", "tables", "files")
    is_ours = isinstance(manifest, dict) and manifest.get("program") == "pairbond"
    if not is_ours or not isinstance(manifest.get("format"), int):
        raise ResultsError(f"{path} is not a manifest of pairbond")
    if manifest["format"] > MANIFEST_FORMAT:
        made = manifest.get("version")
        text = f"{folder} was written by version {made}, which this package ({__version__})"
        raise ResultsError(f"{text} cannot read: install a newer one")
    if any(key not in manifest for key in keys):
        raise ResultsError(f"{path} is damaged: it lacks one of {', '.join(keys)}")
    return dict(manifest)


def read(folder: str | os.PathLike[str]) -> Results:
    """Open a folder of results of any kind.

    Warns with :class:`VersionWarning` where another version made it: this one may give other
    numbers.

    Raises:
        ResultsError: It holds no results, or those of a version that this one cannot read.
    """
    results = Results(Path(folder).absolute())
    if results.version != __version__:
        text = f"{folder} was written by version {results.version}, and this is {__version__}"
        warn(f"{text}: a new run may give other numbers", VersionWarning)
    return results
