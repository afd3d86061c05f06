"""Scenarios that are simulated in a moment."""

import signal
import subprocess
from pathlib import Path

import pytest

import pairbond

SMALL = """\
# Sixty couples.
title = "A few couples"

[run]
seed = 5          # any
couples = 60
days = 40

[record]
sample_couples = 2
"""

SWEEP = (
    SMALL
    + """
[sweep]
design = "grid"
measures = ["mean trust", "share intact"]

[[sweep.axis]]
key = "traits.responsiveness"
values = [0.4, 0.8]
"""
)


@pytest.fixture(autouse=True)
def interruptions():
    """Ctrl-C is a KeyboardInterrupt, also where the tests run in the background.

    A shell has SIGINT ignored there, and Python keeps to that. Kernels of notebooks change it as
    this does.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A scenario file in an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    """A scenario file with a sweep."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sweep.toml"
    path.write_text(SWEEP)
    return path


@pytest.fixture
def command_line():
    """Runs the program as a user does, and returns what it printed."""

    def run(*words):
        words = [pairbond.find_program(), *map(str, words)]
        ended = subprocess.run(words, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


def files_of(folder):
    """The files of a folder, by their paths in it, with their bytes."""
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
