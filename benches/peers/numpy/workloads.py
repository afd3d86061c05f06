"""R1 and R2 in NumPy: all partners' numbers as arrays, one day after the other; PCG64."""
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1]))
import workload


def prepare(cells, couples, days, seed):
    t, m, r, o, a, v = workload.drawn(cells, couples, seed)
    rng = np.random.default_rng([seed, 1])

    def live():
        nonlocal t, m
        daily = np.empty((2, len(cells), days))
        for day in range(days):
            u1, u2 = rng.random(t.shape), rng.random(t.shape)
            d = o * (1 - 0.7 * v) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m)
            p = (r * (0.4 + 0.6 * m) * (1 - 0.3 * v))[::-1]
            q = np.where(u1 < p, 1 - 0.5 * a * (1 - t) * u2, 0.3 * u2 * (1 - a))
            t = np.where(q >= 0.5, t + 0.02 * q * (1 - t), t - 0.06 * (1 - q) * t)
            m = m + 0.03 * d * q * (1 - m) - 0.004 * m - 0.015 * d * (1 - q) * m
            daily[:, :, day] = t.mean(axis=(0, 2)), m.mean(axis=(0, 2))
        return np.stack([t, m]), daily

    return live


if __name__ == "__main__":
    workload.main(prepare)
