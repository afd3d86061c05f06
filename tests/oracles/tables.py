"""Computes the tables of results anew with SALib, SciPy, statsmodels and lifelines, and compares them.

Needs numpy, scipy, SALib, statsmodels, lifelines and pandas:
    python tables.py RUN SWEEP...     (folders of CSV results; the run records the days of all couples)
"""

import sys
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from lifelines import KaplanMeierFitter
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

# Of a number, and of zero in units of 1.
NEAR, SMALL = 1e-9, 1e-12
# Measures that are shares of couples.
REGIMES = ["secure_balance", "complacency", "codependency", "disengagement"]
SHARES = ["share intact", *(f"mean {regime}" for regime in REGIMES)]
counts = {}


def close(what, ours, theirs, near=NEAR):
    """Compares the program's numbers with those of an oracle; missing ones must be missing in both."""
    ours, theirs = np.atleast_1d(np.asarray(ours, float)), np.atleast_1d(np.asarray(theirs, float))
    assert ours.shape == theirs.shape, (what, ours.shape, theirs.shape)
    same = np.isclose(ours, theirs, rtol=near, atol=SMALL, equal_nan=True)
    assert same.all(), f"{what}: {ours[~same][:3]} here, {theirs[~same][:3]} there"
    table = what.split()[0]
    counts[table] = counts.get(table, 0) + len(ours)


def t_interval(values):
    values = np.asarray(values)
    reach = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return values.mean() - reach, values.mean() + reach


def cut(ends, low, high):
    """Of an interval, what is possible: all measures here lie between 0 and 1."""
    return np.clip(np.asarray(ends, float), low, high)


class Sweep:
    def __init__(self, folder):
        self.folder = Path(folder)
        scenario = tomllib.loads((self.folder / "scenario.toml").read_text())
        self.spec = scenario["sweep"]
        self.name = self.folder.name
        self.runs, self.points = self.read("runs"), self.read("points")
        self.summaries = self.read("summaries")
        self.measures = list(dict.fromkeys(self.summaries.observable))
        self.axes = {}
        for axis in self.spec.get("axis", []):
            self.axes[axis.get("name", axis["key"].split(".", 1)[1].replace(".", "_"))] = axis

    def read(self, table):
        file = self.folder / f"{table}.csv"
        return pd.read_csv(file) if file.exists() else None

    def matrix(self, measure):
        """A row a point, a column a replicate."""
        return self.runs.pivot(index="point", columns="replicate", values=column(measure)).to_numpy()

    def means(self, measure):
        """Of each point over its couples."""
        return self.summaries[self.summaries.observable == measure]["mean"].to_numpy()

    def coordinates(self):
        """Of all points in units of the axes' ranges."""
        columns = []
        for name, axis in self.axes.items():
            x, (low, high) = self.points[name].to_numpy(), axis["range"]
            scale = np.log if axis.get("scale") == "log" else np.asarray
            columns.append((scale(x) - scale(low)) / (scale(high) - scale(low)))
        return np.column_stack(columns)


def column(measure):
    return measure.replace(" ", "_")


def summaries(sweep):
    for measure in sweep.measures:
        own = sweep.summaries[sweep.summaries.observable == measure]
        runs = sweep.matrix(measure)
        close("summaries run_sd", own.run_sd, runs.std(axis=1, ddof=1))
        quantiles = np.quantile(runs, [0.05, 0.25, 0.5, 0.75, 0.95], axis=1).T
        close("summaries quantiles", own[["q05", "q25", "q50", "q75", "q95"]].to_numpy().ravel(), quantiles.ravel())
        if measure == "share intact":
            there = sweep.runs.groupby("point").agg(all=("couples", "sum"), ended=("ended", "sum"))
            close("summaries share", own["mean"], 1 - there.ended / there["all"])
        if measure in SHARES:
            low, high = proportion_confint(np.rint(own["mean"] * own.couples), own.couples, method="wilson")
            close("summaries wilson", [*own.ci_low, *own.ci_high], [*low, *high])
        else:
            reach = stats.t.ppf(0.975, own.couples - 1) * own["sd"] / np.sqrt(own.couples)
            close("summaries interval", own.ci_high, cut(own["mean"] + reach, 0, 1), 1e-7)


def contrasts(sweep):
    for _, row in sweep.read("contrasts").iterrows():
        runs = sweep.matrix(row.observable)
        own, base = runs[row.point - 1], runs[row.reference - 1]
        found = stats.ttest_rel(own, base)
        interval = found.confidence_interval(0.95)
        difference = own - base
        if np.ptp(difference) < 1e-14:
            assert np.isnan(row.se)
            continue
        expected = [difference.mean(), stats.sem(difference), *cut([interval.low, interval.high], -1, 1)]
        close("contrasts difference", row[["difference", "se", "ci_low", "ci_high"]].to_numpy(float), expected, 1e-7)
        ratio = (own.var(ddof=1) + base.var(ddof=1)) / difference.var(ddof=1)
        close("contrasts variance_reduction", row.variance_reduction, ratio, 1e-7)


def noise(sweep):
    """Components of variance by the mean squares of statsmodels' analysis of variance."""
    for _, row in sweep.read("noise").iterrows():
        runs = sweep.matrix(row.observable)
        points, replicates = runs.shape
        long = pd.DataFrame(runs).melt(ignore_index=False).reset_index(names="point")
        crossed = sweep.spec.get("common_random_numbers", True)
        formula = "value ~ C(point)" + (" + C(variable)" if crossed else "")
        if points > 60:  # statsmodels' design matrix would be large
            grand = runs.mean()
            by_point, by_run = runs.mean(axis=1), runs.mean(axis=0)
            residual = runs - by_point[:, None] - (by_run - grand if crossed else 0)
            freedom = (points - 1) * (replicates - 1) if crossed else points * (replicates - 1)
            squares = {
                "C(point)": replicates * by_point.var(ddof=1),
                "C(variable)": points * by_run.var(ddof=1),
                "Residual": (residual**2).sum() / freedom,
            }
        else:
            table = sm.stats.anova_lm(smf.ols(formula, long).fit())
            squares = (table.sum_sq / table.df).to_dict()
        rest = squares["Residual"]
        between = max(0, (squares["C(point)"] - rest) / replicates)
        shared = max(0, (squares["C(variable)"] - rest) / points) if crossed else 0
        within = shared + rest
        expected = [within, shared, between, within / (within + between)]
        close("noise components", row[["within", "shared", "between", "share_of_runs"]].to_numpy(float), expected, 1e-6)


def jackknife(values, whole):
    """Standard error and bias that leaving out each of some groups in turn shows."""
    values, count = np.asarray(values), len(values)
    variance = (count - 1) / count * ((values - values.mean(axis=0)) ** 2).sum(axis=0)
    return np.sqrt(variance), (count - 1) * np.abs(values.mean(axis=0) - whole)


def of_model(sweep, measure, indices, whole, arms):
    """Widens the lower and upper arms of indices by the error of the replicates."""
    runs = sweep.matrix(measure)
    replicates = runs.shape[1]
    if replicates < 4:
        return arms
    groups = min(replicates, 20)
    number = np.arange(replicates) % groups
    error, bias = jackknife([indices(runs[:, number != own].mean(axis=1)) for own in range(groups)], whole)
    reach = stats.t.ppf(0.975, groups - 1) * error
    lower, upper = (np.sqrt(arm**2 + reach**2) for arm in arms)
    return lower + bias, upper + bias


def sobol_indices(y, axes, second, rows=None):
    """SALib's indices of some base rows."""
    problem = {"num_vars": axes, "names": [f"x{k}" for k in range(axes)], "bounds": [[0, 1]] * axes}
    unit = (2 * axes if second else axes) + 2
    # SALib standardises by what it gets.
    y = (y - y.mean()) / y.std()
    table = y.reshape(-1, unit)
    table = table if rows is None else table[rows]
    a, b = table[:, 0], table[:, -1]
    spread = np.concatenate([a, b]).var()
    if rows is not None:
        first = [(b * (table[:, 1 + k] - a)).mean() / spread for k in range(axes)]
        total = [0.5 * ((table[:, 1 + k] - a) ** 2).mean() / spread for k in range(axes)]
        return np.array(first + total)
    found = sobol_analysis.analyze(problem, y, calc_second_order=second, num_resamples=2, seed=1)
    pairs = [found["S2"][j, k] for j, k in combinations(range(axes), 2)] if second else []
    return np.concatenate([found["S1"], found["ST"], pairs])


def sobol(sweep):
    table, axes = sweep.read("sobol"), len(sweep.axes)
    second = sweep.spec.get("second_order", False)
    scrambles = sweep.spec.get("scrambles", 8 if sweep.spec["points"] >= 1024 else 1)
    for measure in sweep.measures:
        own = table[table.observable == measure]
        y = sweep.means(measure)
        close("sobol values", own.value, sobol_indices(y, axes, second), 1e-7)
        if scrambles > 1:
            single = 2 * axes
            number = np.arange(sweep.spec["points"]) % scrambles
            whole = sobol_indices(y, axes, second)[:single]
            left_out = [sobol_indices(y, axes, second, number != k) for k in range(scrambles)]
            arm = stats.t.ppf(0.975, scrambles - 1) * jackknife(left_out, whole)[0]
            indices = lambda y: sobol_indices(y, axes, second)[:single]
            lower, upper = of_model(sweep, measure, indices, whole, (arm, arm))
            close("sobol intervals", own.ci_low[:single], cut(whole - lower, 0, 1), 1e-6)
            close("sobol intervals", own.ci_high[:single], cut(whole + upper, 0, 1), 1e-6)


def morris(sweep):
    table, x = sweep.read("morris"), sweep.coordinates()
    levels = sweep.spec.get("levels", 4)
    names = list(sweep.axes)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0, 1]] * len(names)}
    # Trajectories move each axis once, by about half of its range.
    steps = np.abs(np.diff(x.reshape(-1, len(names) + 1, len(names)), axis=1))
    delta = levels / (2 * (levels - 1))
    close("morris steps", np.sort(steps, axis=2)[..., -1].ravel(), np.full(steps.shape[0] * len(names), delta))
    assert ((steps > 1e-9).sum(axis=(1, 2)) == len(names)).all()
    for measure in sweep.measures:
        own = table[table.observable == measure]
        found = morris_analysis.analyze(problem, x, sweep.means(measure), num_levels=levels, num_resamples=2, seed=1)
        for name, theirs in [("mu", "mu"), ("mu_star", "mu_star"), ("sigma", "sigma")]:
            close(f"morris {name}", own[name], np.asarray(found[theirs], float), 1e-7)


def regression_indices(x, y):
    def standard(v):
        return (v - v.mean(axis=0)) / v.std(axis=0, ddof=1)

    fit = sm.OLS(standard(y), sm.add_constant(standard(x))).fit()
    n, p = x.shape
    ranks = np.column_stack([stats.rankdata(v) for v in [*x.T, y]])
    partial = []
    for j in range(p):
        others = sm.add_constant(np.delete(ranks[:, :p], j, axis=1))
        rest = [sm.OLS(ranks[:, k], others).fit().resid for k in (j, p)]
        partial.append(stats.pearsonr(*rest).statistic)
    return fit, np.array(partial)


def regression(sweep):
    table = sweep.read("regression")
    names = [name for name in sweep.axes if pd.api.types.is_numeric_dtype(sweep.points[name])]
    x = sweep.points[names].to_numpy(float)
    n, p = x.shape
    for measure in sweep.measures:
        own = table[table.observable == measure]
        fit, partial = regression_indices(x, sweep.means(measure))
        close("regression src", own.src, fit.params[1:], 1e-7)
        close("regression r_squared", own.r_squared, np.full(p, fit.rsquared), 1e-7)
        close("regression prcc", own.prcc, partial, 1e-7)

        def indices(y):
            fit, partial = regression_indices(x, y)
            return np.concatenate([fit.params[1:], partial])

        whole = np.concatenate([fit.params[1:], partial])
        reach = stats.norm.ppf(0.975) / np.sqrt(n - p - 2)
        low, high = fit.conf_int()[1:].T
        ends = np.concatenate([low, np.tanh(np.arctanh(partial) - reach)]), np.concatenate(
            [high, np.tanh(np.arctanh(partial) + reach)]
        )
        lower, upper = of_model(sweep, measure, indices, whole, (whole - ends[0], ends[1] - whole))
        low, high = whole - lower, whole + upper
        low[p:], high[p:] = np.maximum(low[p:], -1), np.minimum(high[p:], 1)
        close("regression intervals", [*own.src_low, *own.src_high], [*low[:p], *high[:p]], 1e-6)
        close("regression intervals", [*own.prcc_low, *own.prcc_high], [*low[p:], *high[p:]], 1e-6)


def effects_of_grid(sweep):
    table = sweep.read("effects")
    for measure in sweep.measures:
        runs = sweep.matrix(measure)
        if np.ptp(runs) == 0:
            continue
        own = table[table.observable == measure]
        for name in sweep.axes:
            levels = sweep.points[name].to_numpy()
            values = np.unique(levels)
            rows = own[own.axis == name]
            first = runs[levels == values[0]].mean(axis=0)
            for value, (_, row) in zip(values, rows.iterrows()):
                of_runs = runs[levels == value].mean(axis=0)
                close("effects mean", row["mean"], of_runs.mean(), 1e-7)
                if np.ptp(of_runs) > 1e-14:
                    close("effects interval", [row.ci_low, row.ci_high], cut(t_interval(of_runs), 0, 1), 1e-6)
                difference = of_runs - first
                if np.ptp(difference) > 1e-14:
                    close("effects difference", [row.difference_low, row.difference_high], cut(t_interval(difference), -1, 1), 1e-6)


def departures(sweep):
    table = sweep.read("effects")
    base = sweep.points.index[sweep.points.point == 1][0]
    for measure in sweep.measures:
        runs, own = sweep.matrix(measure), table[table.observable == measure]
        for point, (_, row) in enumerate(own.iterrows()):
            difference = runs[point] - runs[base]
            if row.axis != "baseline" and np.ptp(difference) > 1e-14:
                interval = cut(t_interval(difference), -1, 1)
                close("effects departure", [row.difference, row.difference_low, row.difference_high], [difference.mean(), *interval], 1e-6)


def design(sweep):
    """Each stratum of a Latin hypercube has one point, and so have the eighths of each scramble."""
    if sweep.spec["design"] == "latin-hypercube":
        x = sweep.coordinates()
        for axis in x.T:
            close("points strata", np.sort(np.floor(axis * len(axis))), np.arange(len(axis)))
    if sweep.spec["design"] == "saltelli":
        rows, axes = sweep.spec["points"], len(sweep.axes)
        unit = (2 * axes if sweep.spec.get("second_order") else axes) + 2
        scrambles = sweep.spec.get("scrambles", 8 if rows >= 1024 else 1)
        x = sweep.coordinates().reshape(rows, unit, axes)
        for sample in (x[:, 0], x[:, -1]):
            for scramble in range(scrambles):
                part = sample[scramble::scrambles]
                for axis in part.T:
                    close("points scrambles", np.sort(np.floor(axis * len(axis))), np.arange(len(axis)))


def days_of_run(folder):
    """The means, intervals and quantiles of the days that all couples recorded, and their survival."""
    days = pd.read_csv(folder / "days.csv")
    table = pd.read_csv(folder / "trajectory.csv")
    couples = pd.read_csv(folder / "couples.csv")
    for observable in ["trust", "intimacy", "stress", "hurt"]:
        for role in ["a", "b"]:
            own = table[(table.observable == observable) & (table.role == role) & (table.day > 0)].set_index("day")
            by_day = days[days.role == role].groupby("day")[observable]
            both = own.index.intersection(list(by_day.groups))
            own, n = own.loc[both], by_day.count().loc[both]
            mean, sd = by_day.mean().loc[both], by_day.std().loc[both]
            close("trajectory n", own.n, n)
            close("trajectory mean", own["mean"], mean)
            close("trajectory sd", own.sd, sd, 1e-7)
            reach = stats.t.ppf(0.975, n - 1) * sd / np.sqrt(n)
            close("trajectory interval", own.ci_high - own["mean"], reach, 1e-6)
            quantiles = (own.index % 7 == 0) | (own.index == 60)
            assert (own.q50.notna() == quantiles).all(), (observable, role)
            for name, p in [("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95)]:
                exact = by_day.quantile(p, interpolation="higher").loc[both]
                width = 1 / 512 + by_day.apply(lambda v, p=p: gap(v, p)).loc[both]
                near = np.abs(own[name] - exact) <= width + 1e-9
                assert near[quantiles].all(), (observable, role, name)
                counts["trajectory"] += int(quantiles.sum())
    survival = pd.read_csv(folder / "survival.csv").set_index("day")
    fit = KaplanMeierFitter().fit(couples.time, couples.status)
    both = survival.index.intersection(fit.survival_function_.index)
    own = survival.loc[both]
    close("survival survival", own.survival, fit.survival_function_.KM_estimate.loc[both])
    inner = own.survival.between(0, 1, inclusive="neither")
    interval = fit.confidence_interval_.loc[both][inner]
    close("survival interval", own[inner][["ci_low", "ci_high"]].to_numpy().ravel(), interval.to_numpy().ravel(), 1e-7)


def gap(values, p):
    """The distance of the order statistic at a quantile from the one before."""
    ordered = np.sort(values)
    place = int(np.ceil(p * (len(ordered) - 1)))
    return ordered[place] - ordered[max(place - 1, 0)]


def main(run, *sweeps):
    days_of_run(Path(run))
    for sweep in map(Sweep, sweeps):
        summaries(sweep), contrasts(sweep), noise(sweep), design(sweep), regression(sweep)
        match sweep.spec["design"]:
            case "saltelli":
                sobol(sweep)
            case "morris":
                morris(sweep)
            case "grid":
                effects_of_grid(sweep)
            case "one-at-a-time":
                departures(sweep)
    needed = {"summaries", "contrasts", "noise", "regression", "points", "sobol", "morris", "effects", "trajectory", "survival"}
    assert needed <= set(counts), needed - set(counts)
    for table, count in counts.items():
        print(f"{table:12} {count:6} numbers agree")


if __name__ == "__main__":
    main(*sys.argv[1:])
