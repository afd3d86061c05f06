"""Results: the bytes of the command line, frames, charts, reports, and where they are."""

import gc
import json
import warnings
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from conftest import files_of
from pandas.testing import assert_frame_equal
from polars.testing import assert_frame_equal as assert_polars_equal

import pairbond


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_run_has_the_bytes_of_the_command_line(small, command_line, format):
    words = ["--set", "run.couples=70", "--set", 'title="Für \\"zwei\\""', "--seed", 9]
    printed = command_line("run", small, "-o", "typed", "--format", format, *words)
    values = {"run.couples": 70, "title": 'Für "zwei"'}
    results = pairbond.run("small.toml", set=values, seed=9, out="called", format=format)
    assert files_of("called") == files_of("typed")
    assert results.folder == Path("called").absolute()
    assert results.summary
    assert printed.startswith(results.summary)
    assert str(results) == results.summary


def test_a_scenario_in_memory_has_the_bytes_of_its_file(small, command_line):
    command_line("run", small, "-o", "typed", "--set", "run.days=20", "--no-charts")
    scenario = pairbond.Scenario.from_file(small).set("run.days", 20)
    scenario.run(out="called", charts=False, format="csv")
    assert files_of("called") == files_of("typed")


def test_sweeps_claims_and_comparisons_have_the_bytes_of_the_command_line(sweep, command_line):
    command_line("sweep", sweep, "-o", "typed", "--no-charts")
    results = pairbond.sweep(sweep, out="called", format="csv", charts=False)
    assert files_of("called") == files_of("typed")
    assert len(results.points) == 2
    assert set(results.summaries["observable"]) >= {"mean trust", "share intact"}
    more = pairbond.sweep(sweep, set={"run.replicates": 2}, reuse=[results], charts=False)
    assert "runs taken from" in (more.summary or "")
    for out, couples in [("one", 60), ("two", 60)]:
        factor = 0.5 if out == "one" else 0.9
        values = {"traits.responsiveness": factor, "run.couples": couples}
        pairbond.run(sweep, set=values, out=out, format="csv", charts=False)
    command_line("compare", "one", "two", "-o", "compared", "--no-charts")
    compared = pairbond.compare("one", "two", out="again", format="csv", charts=False)
    assert files_of("again") == files_of("compared")
    assert set(compared.differences["condition"]) == {"two"}
    named = pairbond.compare("one", "two", names=["low", "high"], charts=False)
    assert set(named.differences["condition"]) == {"high"}


def test_claims_are_a_table_and_say_whether_they_are_as_expected():
    scenario = pairbond.Scenario.example("claims/trust_is_built")
    results = scenario.claims(set={"run.couples": 20, "run.days": 20}, max_runs=16, charts=False)
    claims = results.claims
    expected = claims["verdict"].astype(str) == claims["expect"].astype(str)
    assert results.kind == "claims"
    assert results.as_expected == bool(expected.all())
    assert list(claims["verdict"].cat.categories) == ["supported", "refuted", "undecided"]


def test_an_audit_is_a_table():
    scenario = pairbond.Scenario.example("claims/trust_is_built")
    values = {"run.couples": 30, "run.days": 20}
    results = scenario.claims(set=values, max_runs=16, audit=True, charts=False, report=False)
    assert set(results.audit["claim"]) == set(results.claims["claim"])
    plain = scenario.claims(set=values, max_runs=16, charts=False, report=False)
    assert "audit" not in plain.tables


def test_bundles_and_preregistrations_have_the_bytes_of_the_command_line(small, command_line):
    printed = command_line("preregister", small, "--set", "run.couples=70")
    assert pairbond.preregister(small, set={"run.couples": 70}) == printed
    assert pairbond.preregister(pairbond.Scenario.from_file(small), seed=8).startswith("# ")
    with pytest.raises(pairbond.ScenarioError, match="did you mean `couples`"):
        pairbond.preregister(small, set={"run.couplez": 70})
    command_line("run", small, "-o", "typed", "--set", "run.couples=70", "--bundle")
    results = pairbond.run(small, set={"run.couples": 70}, out="called", format="csv", bundle=True)
    assert files_of("called") == files_of("typed")
    assert "ro-crate-metadata.json" in files_of("called")
    assert (results.folder / "preregistration.md").read_text() == printed
    assert len(pairbond.read("called").couples) == 70
    plain = pairbond.run(small, out="plain", format="csv")
    bundled = plain.bundle("bundled")
    command_line("report", "plain", "--bundle", "-o", "bundled_too")
    assert files_of("bundled") == files_of("bundled_too")
    assert len(bundled.couples) == 60
    with pytest.raises(pairbond.RefusedError, match="force=True"):
        plain.bundle("bundled")
    plain.bundle("bundled", force=True)


def test_published_studies_are_a_table():
    results = pairbond.validate(["C09"], couples=200, charts=False)
    assert results.kind == "validation"
    assert set(results.targets["target"]) == {"C09"}


def test_frames_have_kinds_categories_and_labels(small):
    results = pairbond.run(small, format="parquet", charts=False)
    couples = results.couples
    assert isinstance(couples, pd.DataFrame)
    assert len(couples) == 60
    regimes = list(couples["regime_end"].cat.categories)
    assert regimes == ["disengagement", "complacency", "codependency", "secure_balance"]
    assert couples.attrs["labels"]["replicate"] == "Number of the replicate, from 1"
    assert couples.attrs["units"]["anxiety_a"] == "1"
    assert couples["couple"].dtype == "int64"
    column = results.columns["couples"]["openness_a"]
    assert (column.kind, column.low, column.high) == ("float", 0, 2.5)
    some = results.table("couples", columns=["trust_end_a", "couple"])
    assert list(some.columns) == ["trust_end_a", "couple"]
    assert some.attrs["labels"].keys() == {"trust_end_a", "couple"}
    assert "couples" in dir(results)
    assert results.tables["couples"] == "a couple"


def test_both_formats_are_the_same_frames_in_both_libraries(small):
    values = {"record.days": 3, "run.couples": 20}
    text = pairbond.run(small, set=values, format="csv", charts=False)
    parquet = pairbond.run(small, set=values, format="parquet", charts=False)
    assert text.manifest["table_format"] == "csv"
    for name in text.tables:
        assert_frame_equal(text.table(name), parquet.table(name), check_exact=True)
        in_polars = text.table(name, frames="polars")
        assert_polars_equal(in_polars, parquet.table(name, frames="polars"))
        frame = text.table(name)
        assert in_polars.columns == list(frame.columns)
        for column in frame.columns:
            assert in_polars[column].null_count() == int(frame[column].isna().sum()), column
    couples = parquet.table("couples", frames="polars")
    assert isinstance(couples.schema["left"], pl.Enum)
    pairbond.use_frames("polars")
    try:
        assert isinstance(parquet.couples, pl.DataFrame)
    finally:
        pairbond.use_frames(None)
    assert isinstance(parquet.couples, pd.DataFrame)
    with pytest.raises(ValueError, match="dask"):
        pairbond.use_frames("dask")


def test_missing_numbers_and_texts_are_distinguished(tmp_path, small):
    results = pairbond.run(small, format="csv", charts=False)
    folder = results.save(tmp_path / "kept").folder
    lines = (folder / "couples.csv").read_text().splitlines()
    names = lines[0].split(",")
    cells = lines[1].split(",")
    cells[names.index("couple")] = "NA"
    cells[names.index("anxiety_a")] = "Inf"
    cells[names.index("anxiety_b")] = "NA"
    cells[names.index("left")] = "NA"
    (folder / "couples.csv").write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n")
    for library in ("pandas", "polars"):
        frame = pairbond.read(folder).table("couples", frames=library)
        missing = frame["left"].isna() if library == "pandas" else frame["left"].is_null()
        assert missing[0]
        assert frame["anxiety_a"][0] == float("inf")
        gone = [pd.isna(frame[name][0]) for name in ("anxiety_b", "couple")]
        assert gone == [True, True]
        # `none` is a category, and not a missing value.
        assert (frame["left"] == "none").sum() > 0


def test_charts_and_report_are_shown_in_notebooks(small):
    results = pairbond.run(small, set={"run.couples": 30})
    assert next(iter(results.charts)) == "trajectories"
    chart = results.charts["trajectories"]
    assert chart.svg.startswith("<svg")
    assert chart._repr_html_().startswith('<img alt="trajectories"')
    assert chart.save("own.png").read_bytes().startswith(b"\x89PNG")
    assert chart.save("own.svg").read_text() == chart.svg
    with pytest.raises(ValueError, match="pdf"):
        chart.save("own.pdf")
    with pytest.raises(KeyError, match="trajectories"):
        results.charts["trajectory"]
    page = results._repr_html_()
    assert "<h4>A few couples</h4>" in page
    assert page.count("<img") == 1
    assert "<code>couples</code>: 30 rows" in page
    report = results.report()
    assert "A few couples" in report.html
    assert 'sandbox=""' in report._repr_html_()
    assert report.save("page.html").read_text() == report.html
    plain = pairbond.run(small, charts=False, report=False)
    assert not plain.charts
    assert "A few couples" in plain.report().html
    drawn = plain.plot(observables=["trust"], days=(0, 20), titles=False)
    assert "trajectories" in drawn
    with pytest.raises(pairbond.RefusedError, match="did you mean `trust`"):
        plain.plot(observables=["trustt"])


def test_titles_are_escaped(small):
    results = pairbond.run(small, set={"title": "<b>a & b</b>"}, charts=False)
    assert "<h4>&lt;b&gt;a &amp; b&lt;/b&gt;</h4>" not in results._repr_html_()
    own = pairbond.Scenario.from_file(small)
    own["title"] = "<b>a & b</b>"
    assert "<h4>&lt;b&gt;a &amp; b&lt;/b&gt;</h4>" in own.run(charts=False)._repr_html_()


def test_a_temporary_folder_goes_with_its_results(small):
    results = pairbond.run(small, charts=False)
    folder = results.folder
    frame = results.couples
    assert folder.is_dir()
    assert "temporary" in repr(results)
    kept = results.save("results/kept")
    with pytest.raises(FileExistsError):
        results.save("results/kept")
    with pytest.raises(FileExistsError):
        results.save("results")
    del results
    gc.collect()
    assert not folder.exists()
    assert not folder.parent.exists()
    assert_frame_equal(kept.couples, frame)
    assert [path.name for path in Path("results").iterdir()] == ["kept"]
    kept.verify()


def test_finished_folders_are_read(small, command_line):
    command_line("run", small, "-o", "results/one", "--no-charts")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = pairbond.read("results/one")
    assert results.title == "A few couples"
    assert len(results.couples) == 60
    assert results.summary is None
    with pytest.raises(AttributeError, match="no table 'cuples'; there are: couples"):
        _ = results.cuples
    with pytest.raises(KeyError, match="there are: couples"):
        results.table("cuples")
    with pytest.raises(KeyError, match="no column 'trust'"):
        results.table("couples", columns=["trust"])


def test_progress_is_reported_to_a_function(small):
    reported = []
    pairbond.run(small, charts=False, progress=reported.append)
    assert reported[0].unit == "couple-days"
    assert (reported[0].done, reported[0].total, reported[0].fraction) == (0, 2400, 0.0)
    assert (reported[-1].stage, reported[-1].fraction) == ("finishing", 1.0)
    assert str(reported[0]) == "  0 %  0 of 2,400 couple-days"


def test_a_terminal_shows_a_bar(small, capsys, monkeypatch):
    monkeypatch.setattr("pairbond._progress.Display.DELAY", 0.0)
    pairbond.run(small, charts=False, progress=True)
    shown = capsys.readouterr().err
    assert "of 2,400 couple-days" in shown
    assert shown.endswith("\r")
    pairbond.run(small, charts=False, progress=False)
    assert capsys.readouterr().err == ""


def test_names_are_explained_and_examples_listed():
    assert "anxiety" in pairbond.explain("traits.anxiety").lower()
    with pytest.raises(pairbond.RefusedError, match="did you mean"):
        pairbond.explain("anxietty")
    examples = pairbond.examples()
    assert examples["betrayal_and_repair"] == "Betrayal and repair"
    assert len(examples) > 20
    found = pairbond.version()
    assert found.version == pairbond.__version__
    assert "parquet" in found.features
    assert found.engine


def test_verification_says_what_differs(small):
    results = pairbond.run(small, charts=False, out="kept", format="csv")
    results.verify()
    text = (results.folder / "survival.csv").read_text()
    (results.folder / "survival.csv").write_text(text + "\n")
    with pytest.raises(pairbond.CommandError, match=r"survival\.csv"):
        results.verify()


def test_the_manifest_names_no_place(small):
    results = pairbond.Scenario.from_file(small).run(charts=False)
    text = json.dumps(results.manifest)
    assert "/tmp" not in text  # noqa: S108
    assert str(small.parent) not in text


STUDY = {
    "title": "A diary",
    "run": {"couples": 60, "days": 20, "seed": 4},
    "study": {
        "couples": 20,
        "waves": 1,
        "burst_days": 5,
        "diary": ["daily_satisfaction", "daily_conflict"],
    },
    "power": {
        "predictor": "daily_conflict",
        "outcome": "daily_satisfaction",
        "replicates": 10,
        "reference_couples": 100,
    },
}


def test_studies_and_their_power_have_the_bytes_of_the_command_line(
    tmp_path, monkeypatch, command_line
):
    monkeypatch.chdir(tmp_path)
    scenario = pairbond.Scenario(STUDY)
    scenario.save("plan.toml")
    command_line("study", "plan.toml", "-o", "typed", "--replicates", "2")
    data = pairbond.study("plan.toml", replicates=2, out="called", format="csv")
    assert data.kind == "study"
    assert files_of("typed") == files_of(data.folder)
    assert set(data.prompts_pairwise["replicate"]) == {1, 2}

    command_line("power", "plan.toml", "-o", "typed_power", "--no-charts")
    power = pairbond.power("plan.toml", out="called_power", format="csv", charts=False)
    assert power.kind == "power"
    assert files_of("typed_power") == files_of(power.folder)
    table = power.power
    assert len(table) == 6
    assert ((table["power_low"] <= table["power"]) & (table["power"] <= table["power_high"])).all()
    more = scenario.power(replicates=12, charts=False, report=False).power
    assert (more["replicates"] + more["failed"] == 12).all()
    with pytest.raises(pairbond.RefusedError, match=r"no `\[power\]`"):
        pairbond.power(pairbond.Scenario({"title": "x"}))


def test_what_a_study_recovers_has_the_bytes_of_the_command_line(
    tmp_path, monkeypatch, command_line
):
    monkeypatch.chdir(tmp_path)
    quantity = {
        "key": "parameters.conflict_rate",
        "prior": "log_uniform",
        "low": 0.05,
        "high": 0.5,
    }
    scenario = pairbond.Scenario(
        {**STUDY, "recover": {"simulations": 100, "tests": 40, "quantity": [quantity]}}
    )
    scenario.save("plan.toml")
    command_line("recover", "plan.toml", "-o", "typed", "--no-charts")
    found = pairbond.recover("plan.toml", out="called", format="csv", charts=False)
    assert found.kind == "recover"
    assert files_of("typed") == files_of(found.folder)
    table = found.recovery
    assert len(table) == 1
    assert (table["contraction_low"] <= table["contraction"]).all()
    with pytest.raises(pairbond.RefusedError, match=r"`\[recover\]`"):
        pairbond.recover(pairbond.Scenario({"title": "x"}))
