"""Progress of the program in terminals, in notebooks and in functions of the caller."""

from __future__ import annotations

import html
import importlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

WIDTH = 32


@dataclass(frozen=True)
class Progress:
    """How far the work is."""

    stage: str
    """``simulating``, or ``finishing``: summaries, charts and files."""
    done: int
    """Couple-days, points, blocks or claims that are done."""
    total: int
    """All of them."""
    unit: str
    """What is counted."""

    @property
    def fraction(self) -> float:
        """The part that is done, from 0 to 1."""
        if self.stage == "finishing":
            return 1.0
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def __str__(self) -> str:
        """Return a line for people."""
        if self.stage == "finishing":
            return "drawing charts and writing files"
        return f"{100 * self.fraction:3.0f} %  {self.done:,} of {self.total:,} {self.unit}"

    @classmethod
    def _of(cls, message: dict[str, Any]) -> Progress:
        parts = message.get("parts")
        if parts:
            done, total, unit = int(parts["done"]), int(parts["total"]), str(parts["name"])
        else:
            done, total = int(message["couple_days"]), int(message["total"])
            unit = "couple-days"
        return cls(stage=str(message["stage"]), done=done, total=total, unit=unit)


ProgressOption = bool | Literal["auto"] | Callable[[Progress], None]


class _Terminal:
    """A line of standard error that is written over."""

    def __init__(self) -> None:
        self.width = 0

    def show(self, progress: Progress) -> None:
        filled = round(WIDTH * progress.fraction)
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {progress}"
        sys.stderr.write("\r" + line.ljust(self.width))
        sys.stderr.flush()
        self.width = len(line)

    def close(self) -> None:
        if self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()


def _ipython_display() -> Any:
    # IPython is there in a notebook only.
    return importlib.import_module("IPython.display")


class _Notebook:
    """A bar under the cell of a notebook, which is gone when the work is done."""

    def __init__(self) -> None:
        self.handle: Any = None

    def show(self, progress: Progress) -> None:
        display = _ipython_display()
        text = html.escape(str(progress))
        value = f"{progress.fraction:.4f}"
        bar = display.HTML(f'<progress value="{value}" max="1"></progress> {text}')
        if self.handle is None:
            self.handle = display.display(bar, display_id=True)
        else:
            self.handle.update(bar)

    def close(self) -> None:
        if self.handle is not None:
            self.handle.update(_ipython_display().HTML(""))


class _Function:
    def __init__(self, function: Callable[[Progress], None]) -> None:
        self.function = function

    def show(self, progress: Progress) -> None:
        self.function(progress)

    def close(self) -> None:
        pass


def in_notebook() -> bool:
    """Return whether this is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


class Display:
    """Shows messages of progress, or does nothing."""

    # Short work shows no bar.
    DELAY = 0.3

    def __init__(self, option: ProgressOption) -> None:
        """Choose where progress is shown."""
        self.start = time.monotonic()
        self.shown: _Terminal | _Notebook | _Function | None
        if callable(option):
            self.shown = _Function(option)
        elif option is False:
            self.shown = None
        elif in_notebook():
            self.shown = _Notebook()
        elif option is True or (sys.stderr is not None and sys.stderr.isatty()):
            self.shown = _Terminal()
        else:
            self.shown = None

    def __enter__(self) -> Display:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was shown."""
        if self.shown is not None:
            self.shown.close()

    def __call__(self, message: dict[str, Any]) -> None:
        """Show a message of the program."""
        if self.shown is None:
            return
        is_late = time.monotonic() - self.start >= self.DELAY
        if is_late or isinstance(self.shown, _Function):
            self.shown.show(Progress._of(message))
