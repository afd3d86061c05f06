"""R1 and R2 in JAX on the CPU: a compiled scan over days, in double precision; Threefry."""
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

sys.path.append(str(Path(__file__).parents[1]))
import workload

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)


@jax.jit
def life(numbers, keys):
    t, m, r, o, a, v = numbers

    def day(state, key):
        t, m = state
        u1, u2 = jax.random.uniform(key, (2, *t.shape))
        d = o * (1 - 0.7 * v) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m)
        p = (r * (0.4 + 0.6 * m) * (1 - 0.3 * v))[::-1]
        q = jnp.where(u1 < p, 1 - 0.5 * a * (1 - t) * u2, 0.3 * u2 * (1 - a))
        t = jnp.where(q >= 0.5, t + 0.02 * q * (1 - t), t - 0.06 * (1 - q) * t)
        m = m + 0.03 * d * q * (1 - m) - 0.004 * m - 0.015 * d * (1 - q) * m
        return (t, m), (t.mean(axis=(0, 2)), m.mean(axis=(0, 2)))

    return jax.lax.scan(day, (t, m), keys)


def prepare(cells, couples, days, seed):
    numbers = jnp.asarray(workload.drawn(cells, couples, seed))
    keys = jax.random.split(jax.random.key(seed), days)
    compiled = life.lower(numbers, keys).compile()

    def live():
        end, daily = jax.block_until_ready(compiled(numbers, keys))
        return np.stack(end), np.stack(daily).swapaxes(1, 2)

    return live


if __name__ == "__main__":
    workload.main(prepare)
