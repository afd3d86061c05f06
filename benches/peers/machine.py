"""What the figures were measured on, and with which versions."""
import os
import platform
import re
import subprocess
from datetime import datetime, timezone

from systems import BUILT, HERE, ROOT

PACKAGES = ("Mesa", "numpy", "numba", "jax")
CRATES = ("krabmaga", "ixa", "rand_chacha")


def description():
    """Lines of name and value."""
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "load": load(),
        "system": platform.platform(),
        "compilers": ", ".join(filter(None, [first_line("rustc", "--version"), first_line("gcc", "--version")])),
        "packages": ", ".join(filter(None, [python(), *packages()])),
        "crates": ", ".join(crates()),
        "pairbond": first_line("git", "describe", "--always", "--dirty"),
    }


def load():
    """The load averages of 1, 5 and 15 minutes."""
    return ", ".join(f"{number:.2f}" for number in os.getloadavg())


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            facts = dict(re.split(r"\s*:\s*", line.strip(), maxsplit=1) for line in lines if ":" in line)
    except OSError:
        return platform.processor()
    return f"{facts.get('model name', platform.machine())} (family {facts.get('cpu family')}, model {facts.get('model')})"


def first_line(*command):
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    except OSError:
        return ""
    return said.partition("\n")[0]


def python():
    return first_line(str(BUILT / "venv" / "bin" / "python"), "--version")


def packages():
    pins = (HERE / "requirements.txt").read_text()
    return [pin for pin in pins.splitlines() if pin.partition("==")[0] in PACKAGES]


def crates():
    locked = (HERE / "rust" / "Cargo.lock").read_text()
    newest = dict(re.findall(r'name = "(.+)"\nversion = "(.+)"', locked))
    return [f"{name} {newest[name]}" for name in CRATES]
