"""R1 and R2 in numba: couples one after the other through all their days, each with a xoshiro256+ of its
own in local variables. `numpy.random` inside compiled code took three times as long."""
import os
import sys
from pathlib import Path

# What is compiled is kept out of the source tree.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(sys.prefix) / "numba"))

import numba
import numpy as np

sys.path.append(str(Path(__file__).parents[1]))
import workload

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)


@numba.njit(inline="always")
def mixed(z):
    z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
    return z ^ (z >> U(31))


@numba.njit(inline="always")
def uniform(s0, s1, s2, s3):
    u = ((s0 + s3) >> U(11)) * 2.0**-53
    t = s1 << U(17)
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << U(45)) | (s3 >> U(19))
    return u, s0, s1, s2, s3


@numba.njit(inline="always")
def disclosed(t, m, o, a, v, r_other, m_other, v_other, u1, u2):
    d = o * (1 - 0.7 * v) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m)
    p = r_other * (0.4 + 0.6 * m_other) * (1 - 0.3 * v_other)
    q = 1 - 0.5 * a * (1 - t) * u2 if u1 < p else 0.3 * u2 * (1 - a)
    trust = t + 0.02 * q * (1 - t) if q >= 0.5 else t - 0.06 * (1 - q) * t
    return trust, m + 0.03 * d * q * (1 - m) - 0.004 * m - 0.015 * d * (1 - q) * m


@numba.njit(cache=True)
def life(numbers, days, seed):
    _, _, cells, couples = numbers.shape
    daily = np.zeros((2, cells, days))
    for cell in range(cells):
        for couple in range(couples):
            t0, m0, r0, o0, a0, v0 = numbers[:, 0, cell, couple]
            t1, m1, r1, o1, a1, v1 = numbers[:, 1, cell, couple]
            z = mixed(U(seed)) + GOLDEN * U(4 * (cell * couples + couple))
            s0, s1 = mixed(z + GOLDEN), mixed(z + U(2) * GOLDEN)
            s2, s3 = mixed(z + U(3) * GOLDEN), mixed(z + U(4) * GOLDEN)
            for day in range(days):
                u01, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                u02, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                u11, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                u12, s0, s1, s2, s3 = uniform(s0, s1, s2, s3)
                after0 = disclosed(t0, m0, o0, a0, v0, r1, m1, v1, u01, u02)
                after1 = disclosed(t1, m1, o1, a1, v1, r0, m0, v0, u11, u12)
                t0, m0 = after0
                t1, m1 = after1
                daily[0, cell, day] += t0 + t1
                daily[1, cell, day] += m0 + m1
            numbers[0, 0, cell, couple] = t0
            numbers[1, 0, cell, couple] = m0
            numbers[0, 1, cell, couple] = t1
            numbers[1, 1, cell, couple] = m1
    return daily / (2 * couples)


def prepare(cells, couples, days, seed):
    numbers = workload.drawn(cells, couples, seed)
    life(workload.drawn([None], 1, seed), 1, seed)

    def live():
        daily = life(numbers, days, seed)
        return numbers[:2], daily

    return live


if __name__ == "__main__":
    workload.main(prepare)
