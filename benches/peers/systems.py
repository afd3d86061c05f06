"""The systems that are compared: where each is built, and the command that runs a workload in it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
BUILT = TARGET / "peers"
OLDEST_PYTHON = (3, 12)


class Missing(Exception):
    """Why a system is not here."""


@dataclass
class System:
    """One system, with the sizes that let a round of it end in seconds."""

    key: str
    name: str
    build: Callable[[], list]
    couples: int = 100_000
    """Couples of R1."""
    step: int = 1
    """Every how many of the 400 cells of R2 are run."""

    def command(self, program, workload, seed, couples, days, step, table):
        """The command line of a workload; `program` is what `build` gave."""
        if workload == "r1":
            return [*program, "r1", couples, days, seed]
        return [*program, "r2", step, table, seed]


@dataclass
class Ours(System):
    """pairbond, whose example takes a number of threads and runs all cells."""

    bits: int = 16
    """Random bits of a uniform number."""

    def command(self, program, workload, seed, couples, days, step, table):
        words = ["r1", couples, days, seed, 1] if workload == "r1" else ["r2", 1, table, seed]
        return [*program, *words, "--bits", self.bits]


def environment():
    """The environment of every system: one thread, and no setting for another processor's kernels."""
    names = ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON")
    ours = {f"{name}_NUM_THREADS": "1" for name in names}
    ours["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    rest = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    return {**rest, **ours}


def made(command):
    """Runs a step of a build, or says by its last words why it failed."""
    try:
        done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True)
    except OSError as error:
        raise Missing(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        errors = [line for line in lines if line.lower().startswith("error")]
        raise Missing((errors or lines or [f"{command[0]} failed"])[0].removeprefix("error: "))
    return done.stdout


def cargo(*words):
    made(["cargo", "build", "--release", "--quiet", "--locked", *words])


def ours():
    cargo("--target-dir", TARGET, "--example", "peer_workload")
    return [TARGET / "release" / "examples" / "peer_workload"]


def pairbond():
    cargo("--target-dir", TARGET, "--bin", "pairbond")
    return [TARGET / "release" / "pairbond"]


def in_rust(package):
    def build():
        manifest = HERE / "rust" / "Cargo.toml"
        cargo("--manifest-path", manifest, "--target-dir", BUILT / "rust", "--package", package)
        return [BUILT / "rust" / "release" / package]

    return build


def in_c():
    program = BUILT / "c" / "workloads"
    program.parent.mkdir(parents=True, exist_ok=True)
    source = HERE / "c" / "workloads.c"
    made(["gcc", "-O3", "-march=native", "-o", program, source, "-lm"])
    return [program]


def in_python(folder):
    def build():
        return [virtual_environment(), "-B", HERE / folder / "workloads.py"]

    return build


def virtual_environment():
    """The Python that has the pinned packages."""
    home, wanted = BUILT / "venv", (HERE / "requirements.txt").read_text()
    python, stamp = home / "bin" / "python", home / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        made([newer_python(), "-m", "venv", "--clear", home])
        made([python, "-m", "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt"])
        stamp.write_text(wanted)
    return python


def newer_python():
    """A Python new enough for the packages: PEERS_PYTHON, this one, those on the path, those of pyenv."""
    named = [os.environ.get("PEERS_PYTHON"), sys.executable, "python3", "python3.14", "python3.13", "python3.12"]
    of_pyenv = sorted(Path.home().glob(".pyenv/versions/*/bin/python3"), reverse=True)
    for python in filter(None, map(shutil.which, filter(None, [*named, *map(str, of_pyenv)]))):
        asked = subprocess.run(
            [python, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST_PYTHON})"], capture_output=True
        )
        if asked.returncode == 0:
            return python
    raise Missing("no Python {}.{} or newer; PEERS_PYTHON names one".format(*OLDEST_PYTHON))


SYSTEMS = [
    Ours("ours", "pairbond", ours),
    Ours("ours32", "pairbond, 32-bit uniforms", ours, bits=32),
    System("c", "C, xoshiro256+", in_c),
    System("naive", "plain Rust, ChaCha8", in_rust("naive")),
    System("numba", "numba, xoshiro256+", in_python("numba")),
    System("jax", "JAX, Threefry", in_python("jax")),
    System("numpy", "NumPy, PCG64", in_python("numpy")),
    System("krabmaga", "krABMaga, ChaCha8", in_rust("krabmaga-peer"), couples=10_000),
    System("ixa", "ixa", in_rust("ixa-peer"), couples=10_000),
    System("mesa", "Mesa", in_python("mesa"), couples=1_000, step=21),
]
