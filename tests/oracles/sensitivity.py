"""Makes the reference values that src/stats/sensitivity is held against.

Needs the versions of requirements.txt:  python sensitivity.py   (writes beside itself)
"""
from pathlib import Path

import numpy as np
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris, sobol
from SALib.test_functions import Ishigami, Sobol_G
from scipy import stats

HERE = Path(__file__).parent


def write(name, rows):
    (HERE / name).write_text("".join(",".join(x if isinstance(x, str) else repr(float(x)) for x in row) + "\n" for row in rows))


def unit(axes, groups=None):
    problem = {"num_vars": axes, "names": [f"x{k}" for k in range(axes)], "bounds": [[0, 1]] * axes}
    return problem | ({"groups": groups} if groups else {})


def ishigami(u):
    return Ishigami.evaluate(np.pi * (2 * u - 1))


def variance_based():
    """Rows: S1, ST, half widths of both, then S2 (pairs in order) where asked for; last row: Y."""
    for name, problem, function, second in [
        ("ishigami", unit(3), ishigami, True),
        ("g", unit(4), lambda u: Sobol_G.evaluate(u, a=np.array([0, 1, 4.5, 9])), False),
        ("groups", unit(4, ["a", "b", "a", "c"]), lambda u: 100 + u[:, 0] * u[:, 1] + u[:, 2] ** 2 - u[:, 3] * u[:, 0], True),
    ]:
        y = function(sobol.sample(problem, 64, calc_second_order=second, seed=1))
        found = sobol_analysis.analyze(problem, y, calc_second_order=second, num_resamples=4000, seed=1)
        rows = [found[key] for key in ("S1", "ST", "S1_conf", "ST_conf")]
        if second:
            rows.append(found["S2"][np.triu_indices(len(found["S1"]), 1)])
        write(f"sensitivity_sobol_{name}.csv", [*rows, y])


def elementary_effects():
    """Rows: mu, mu*, sigma, half width of mu*, then one row a point: X and Y."""
    for name, problem in [("plain", unit(4)), ("groups", unit(4, ["a", "b", "a", "c"]))]:
        x = morris.sample(problem, 10, num_levels=4, seed=2)
        y = np.exp(x[:, 0]) + x[:, 1] * x[:, 2] - 3 * x[:, 3] ** 2
        found = morris_analysis.analyze(problem, x, y, num_levels=4, num_resamples=4000, seed=2)
        sigma = np.ma.filled(np.ma.asarray(found["sigma"], dtype=float), np.nan)
        write(f"sensitivity_morris_{name}.csv", [found["mu"], found["mu_star"], sigma, found["mu_star_conf"], *np.column_stack([x, y])])


def regression():
    """Rows: SRC, low, high, [R²], PRCC, low, high (95 %), then one row a point: X and Y, with ties."""
    rng = np.random.default_rng(3)
    n, p = 60, 4
    x = rng.random((n, p))
    x[:, 2] = np.round(4 * x[:, 2])
    y = np.round(2 * x[:, 0] - x[:, 1] ** 3 + 0.2 * x[:, 2] + 0.3 * rng.standard_normal(n), 1)

    z = (x - x.mean(0)) / x.std(0, ddof=1)
    v = (y - y.mean()) / y.std(ddof=1)
    design = np.column_stack([np.ones(n), z])
    beta, *_ = np.linalg.lstsq(design, v, rcond=None)
    residual = v - design @ beta
    dof = n - p - 1
    error = np.sqrt(residual @ residual / dof * np.diag(np.linalg.inv(design.T @ design)))
    reach = stats.t.ppf(0.975, dof) * error
    src = [beta[1:], (beta - reach)[1:], (beta + reach)[1:], [1 - residual @ residual / (v @ v)]]

    ranks = np.column_stack([stats.rankdata(column) for column in [*x.T, y]])
    prcc = []
    for j in range(p):
        others = np.column_stack([np.ones(n), np.delete(ranks[:, :p], j, axis=1)])
        rest = [c - others @ np.linalg.lstsq(others, c, rcond=None)[0] for c in (ranks[:, j], ranks[:, p])]
        prcc.append(stats.pearsonr(*rest).statistic)
    prcc = np.array(prcc)
    reach = stats.norm.ppf(0.975) / np.sqrt(n - p - 2)
    write("sensitivity_regression.csv", [*src, prcc, np.tanh(np.arctanh(prcc) - reach), np.tanh(np.arctanh(prcc) + reach), *np.column_stack([x, y])])


if __name__ == "__main__":
    variance_based(), elementary_effects(), regression()
