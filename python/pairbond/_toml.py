"""Values and keys as TOML."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

import tomlkit


def plain(value: Any) -> Any:
    """Return a value of Python for one of NumPy, pandas or polars, such as ``numpy.float64``."""
    if isinstance(value, bool | int | float | str):
        # Subclasses such as `numpy.float64` too.
        for kind in (bool, int, float, str):
            if isinstance(value, kind):
                return kind(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | range):
        return [plain(inner) for inner in value]
    to_list = getattr(value, "tolist", None) or getattr(value, "to_list", None)
    if callable(to_list):
        return plain(to_list())
    return value


def literal(value: Any) -> str:
    """Return a value as TOML in one line, as ``--set`` takes it.

    Raises:
        TypeError: TOML has no such value.
    """
    value = plain(value)
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            if math.isnan(value):
                return "nan"
            return repr(value) if math.isfinite(value) else ("inf" if value > 0 else "-inf")
        case str():
            return _quoted(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case dict():
            entries = [f"{_quoted(key)} = {literal(inner)}" for key, inner in value.items()]
            return "{ " + ", ".join(entries) + " }" if entries else "{}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
    kind = type(value).__name__
    raise TypeError(f"TOML has no value for {value!r} of type {kind}")


def _quoted(text: str) -> str:
    return str(tomlkit.string(text).as_string())
