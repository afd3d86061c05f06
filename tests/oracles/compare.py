"""Compares the fixtures that the scripts here make anew with those that are kept.

python compare.py KEPT NEW     (two folders; words must be equal, numbers to nine digits)
"""

import math
import sys
from pathlib import Path

NEAR = 1e-9


def same(kept, new):
    if kept == new:
        return True
    try:
        kept, new = float(kept), float(new)
    except ValueError:
        return False
    return math.isclose(kept, new, rel_tol=NEAR, abs_tol=1e-12) or (math.isnan(kept) and math.isnan(new))


def differences(kept, new):
    kept, new = (path.read_text().splitlines() for path in (kept, new))
    if len(kept) != len(new):
        yield f"{len(kept)} lines are kept, and {len(new)} are new"
    for number, (ours, theirs) in enumerate(zip(kept, new), 1):
        ours, theirs = ours.split(","), theirs.split(",")
        fields = [k for k, pair in enumerate(zip(ours, theirs)) if not same(*pair)]
        if len(ours) != len(theirs):
            yield f"line {number} has {len(ours)} fields, and {len(theirs)} are new"
        elif fields:
            yield f"line {number}: {ours[fields[0]]} is kept, and {theirs[fields[0]]} is new"


def main(kept, new):
    made = sorted(Path(new).glob("*.csv"))
    assert len(made) >= 13, f"only {len(made)} fixtures were made"
    errors = 0
    for file in made:
        found = list(differences(Path(kept) / file.name, file))
        errors += len(found)
        print(f"{file.name:34} {'; '.join(found[:3]) or 'as it is kept'}")
    sys.exit(errors > 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
