"""Makes the reference points that src/design is held against.

Needs the versions of requirements.txt:  python design.py   (writes beside itself)
With the argument `table` it prints the direction numbers as src/design/sobol.rs holds them.
"""
import sys
from pathlib import Path

import numpy as np
import scipy.stats
from SALib.sample import sobol as saltelli
from scipy.stats import qmc

HERE = Path(__file__).parent


def fnv(words):
    """FNV-1a over the little-endian bytes of 32-bit words."""
    state = 0xCBF29CE484222325
    for byte in np.asarray(words, dtype="<u4").tobytes():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return state


def write(name, rows):
    (HERE / name).write_text("".join(",".join(map(str, row)) + "\n" for row in rows))


def sobol():
    """One line a dimension: hash of 1024 points in units of 1/1024, then the first 8 of them."""
    points = np.rint(qmc.Sobol(256, scramble=False).random(1024) * 1024).astype(int)
    write("design_sobol.csv", ([fnv(column), *column[:8]] for column in points.T))


def halton():
    write("design_halton.csv", ([repr(float(x)) for x in row] for row in qmc.Halton(7, scramble=False).random(40)))


def saltelli_points():
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    write("design_saltelli.csv", saltelli.sample(problem, 8, scramble=False).tolist())
    problem["groups"] = ["g", "h", "g"]
    write("design_saltelli_groups.csv", saltelli.sample(problem, 8, scramble=False, calc_second_order=False).tolist())


def table(dimensions=256):
    """Joe & Kuo (2008), new-joe-kuo-6, as SciPy ships it."""
    numbers = np.load(Path(scipy.stats.__file__).with_name("_sobol_direction_numbers.npz"))
    flat = []
    for polynomial, initial in zip(numbers["poly"][1:dimensions], numbers["vinit"][1:dimensions]):
        degree = int(polynomial).bit_length() - 1
        assert (initial[:degree] > 0).all() and (initial[degree:] == 0).all()
        flat += [int(m) for m in initial[:degree]]
    print(f"const POLYNOMIALS: [u16; {dimensions - 1}] = {[int(p) for p in numbers['poly'][1:dimensions]]};")
    print(f"const INITIAL: [u16; {len(flat)}] = {flat};")


if __name__ == "__main__":
    if sys.argv[1:] == ["table"]:
        table()
    else:
        sobol(), halton(), saltelli_points()
