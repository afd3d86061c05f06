"""Holds the JSON Schema of scenarios to the reader: check.py PROGRAM SCRATCH, in the project's folder.

The schema is valid in its draft, accepts every scenario that the program accepts (shipped ones, templates, a
scenario with all its values), and refuses every file of tests/faults but for those that say `#: schema cannot say`.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema

PROGRAM = sys.argv[1]
SCRATCH = Path(sys.argv[2])


def pairbond(*words: str) -> str:
    return subprocess.run(
        [PROGRAM, *words], check=True, capture_output=True, text=True
    ).stdout


def written(*words: str) -> Path:
    path = SCRATCH / "written.toml"
    pairbond(*words, str(path), "--force")
    return path


def accepted(text: str) -> list[str]:
    """What the schema says against a scenario."""
    # Dates become texts; NaN and infinity, which JSON has not, become null.
    document = json.loads(
        json.dumps(tomllib.loads(text), default=str), parse_constant=lambda _: None
    )
    return [
        f"{error.json_path}: {error.message}"
        for error in VALIDATOR.iter_errors(document)
    ]


SCHEMA = json.loads(pairbond("schema"))
jsonschema.Draft202012Validator.check_schema(SCHEMA)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

wrong = []
good = {
    str(path): path.read_text() for path in sorted(Path("scenarios").rglob("*.toml"))
}
good |= {
    str(path): path.read_text()
    for path in sorted(Path("tests/faults").glob("warn_*.toml"))
}
for options in [[], ["--full"]]:
    good[f"new {options}"] = written("new", *options).read_text()
pairbond(
    "run",
    str(written("new", "--full")),
    "--quiet",
    "--no-charts",
    "-o",
    str(SCRATCH / "results"),
    "--force",
    "--set",
    "run.couples=10",
    "--set",
    "run.days=10",
)
good["all values"] = (SCRATCH / "results" / "scenario.toml").read_text()
for name, text in good.items():
    wrong += [f"{name} is refused: {error}" for error in accepted(text)]

faulty = 0
for path in sorted(Path("tests/faults").glob("*.toml")):
    if path.name.startswith("warn_"):
        continue
    data = path.read_bytes()
    directives = [
        line[3:]
        for line in data.decode(errors="replace").splitlines()
        if line.startswith("#: ")
    ]
    expected = "schema cannot say" in directives
    try:
        text = data.decode()
        refused = bool(accepted(text))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        # Not TOML: the schema is never asked.
        continue
    faulty += 1
    if refused == expected:
        wrong.append(f"{path} is {'refused' if refused else 'accepted'} by the schema")

print(
    f"schema: {len(good)} scenarios accepted, {faulty} faulty ones examined, {len(wrong)} wrong"
)
if wrong or len(good) < 30 or faulty < 50:
    sys.exit("\n".join(wrong) or "error: too few files were found")
