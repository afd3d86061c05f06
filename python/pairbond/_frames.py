"""Tables of results as frames of pandas or polars, with kinds and categories from the codebook."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TypeAlias

from ._errors import PairbondError, ResultsError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Backend: TypeAlias = Literal["pandas", "polars"]
Frame: TypeAlias = Any
"""A frame of pandas or polars."""

MISSING = "NA"
_default: Backend | None = None


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def use_frames(backend: Backend | None) -> None:
    """Choose the library of all frames: ``"pandas"``, ``"polars"``, or None for what is installed.

    Raises:
        ValueError: There is no such choice.
    """
    global _default
    if backend not in ("pandas", "polars", None):
        raise ValueError(f"frames are of 'pandas' or 'polars', not {backend!r}")
    _default = backend


def chosen_backend(backend: Backend | None = None) -> Backend:
    """Return the library of frames: the given one, that of :func:`use_frames`, or what is there.

    Raises:
        PairbondError: Neither pandas nor polars is installed.
    """
    backend = backend or _default
    if backend is not None:
        if not _has(backend):
            install = f"pip install 'pairbond[{backend}]'"
            raise PairbondError(f"{backend} is not installed: `{install}` installs it")
        return backend
    if _has("pandas"):
        return "pandas"
    if _has("polars"):
        return "polars"
    raise PairbondError(
        "frames need pandas or polars: `pip install 'pairbond[pandas]'` or "
        "`pip install 'pairbond[polars]'` installs one"
    )


def can_read_parquet() -> bool:
    """Return whether frames can be read from Parquet here."""
    try:
        backend = chosen_backend()
    except PairbondError:
        return False
    return backend == "polars" or _has("pyarrow")


@dataclass(frozen=True)
class Column:
    """A column of a table, as the codebook describes it."""

    name: str
    kind: str
    """``float``, ``integer``, ``categorical`` or ``string``."""
    unit: str | None
    low: float | None
    high: float | None
    categories: tuple[str, ...]
    meaning: str


def read_codebook(path: Path) -> dict[str, dict[str, Column]]:
    """Read the columns of every table."""

    def number(text: str) -> float | None:
        return None if text == MISSING else float(text)

    tables: dict[str, dict[str, Column]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            categories = row["categories"]
            column = Column(
                name=row["column"],
                kind=row["kind"],
                unit=None if row["unit"] == MISSING else row["unit"],
                low=number(row["low"]),
                high=number(row["high"]),
                categories=() if categories == MISSING else tuple(categories.split("|")),
                meaning=row["meaning"],
            )
            tables.setdefault(row["table"], {})[column.name] = column
    return tables


def read_table(
    path: Path,
    columns: Mapping[str, Column],
    backend: Backend,
    only: Sequence[str] | None,
) -> Frame:
    """Read a table, or some of its columns, as a frame.

    Raises:
        ResultsError: It cannot be read.
        KeyError: It has no such column.
    """
    for name in only or ():
        if name not in columns:
            raise KeyError(f"the table {path.stem} has no column {name!r}")
    wanted = {name: columns[name] for name in (columns if only is None else only)}
    is_parquet = path.suffix == ".parquet"
    try:
        # An open file: libraries take some names for patterns or addresses.
        with path.open("rb") as file:
            if backend == "pandas":
                return _read_pandas(file, is_parquet, wanted)
            return _read_polars(file, is_parquet, wanted)
    except ImportError as error:
        raise PairbondError(f"{path.name} cannot be read: {error}") from error
    except Exception as error:
        raise ResultsError(f"{path} cannot be read: {error}") from error


def _read_pandas(file: BinaryIO, is_parquet: bool, columns: Mapping[str, Column]) -> pd.DataFrame:
    import pandas as pd

    names = list(columns)
    if is_parquet:
        frame = pd.read_parquet(file, columns=names)
    else:
        texts = {it.name: "str" for it in columns.values() if it.kind in ("categorical", "string")}
        integers = {it.name: "Int64" for it in columns.values() if it.kind == "integer"}
        # From version 3 on numbers are read exactly without being asked.
        is_exact = int(pd.__version__.split(".")[0]) >= 3
        precision: dict[str, Any] = {} if is_exact else {"float_precision": "round_trip"}
        frame = pd.read_csv(
            file,
            usecols=names,
            dtype={**texts, **integers},
            na_values=[MISSING],
            keep_default_na=False,
            **precision,
        )
    frame = frame[names]
    for column in columns.values():
        values = frame[column.name]
        if column.kind == "categorical":
            frame[column.name] = pd.Categorical(values, categories=list(column.categories))
        elif column.kind == "integer" and values.dtype != "int64":
            nullable = values.isna().any()
            frame[column.name] = values.astype("Int64") if nullable else values.astype("int64")
        elif column.kind == "float" and values.dtype != "float64":
            frame[column.name] = values.astype("float64")
    frame.attrs["labels"] = {it.name: it.meaning for it in columns.values()}
    frame.attrs["units"] = {it.name: it.unit for it in columns.values() if it.unit}
    return frame


def _read_polars(file: BinaryIO, is_parquet: bool, columns: Mapping[str, Column]) -> pl.DataFrame:
    import polars as pl

    names = list(columns)
    kinds: dict[Any, Any] = {}
    for column in columns.values():
        if column.kind == "categorical":
            kinds[column.name] = pl.Enum(list(column.categories))
        else:
            of_kind = {"integer": pl.Int64, "float": pl.Float64, "string": pl.String}
            kinds[column.name] = of_kind[column.kind]
    if is_parquet:
        frame = pl.read_parquet(file, columns=names).select(names)
    else:
        frame = pl.read_csv(
            file,
            columns=names,
            infer_schema=False,
        ).select(names)
        # Versions of polars have different options for empty texts, which are null by default.
        texts = (pl.col(name).fill_null("") for name in names)
        frame = frame.with_columns(texts)
        frame = frame.with_columns(
            pl.when(pl.col(name) != MISSING).then(pl.col(name)) for name in names
        )
    floats = [it.name for it in columns.values() if it.kind == "float"]
    frame = frame.cast(kinds)
    return frame.with_columns(pl.col(name).fill_nan(None) for name in floats)
