"""Scenarios as mappings: text, values, what is wrong in them."""

import doctest
import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import SMALL, SWEEP

import pairbond
from pairbond import Scenario
from pairbond._toml import literal


def test_a_text_stays_as_it_is_but_for_what_is_assigned(small):
    scenario = Scenario.from_file(small)
    assert scenario.to_toml() == SMALL
    assert scenario["run"]["couples"] == 60
    scenario["run"]["couples"] = 70
    scenario["traits"] = {"consistency": 0.5}
    changed = scenario.to_toml()
    assert changed.startswith(SMALL.replace("couples = 60", "couples = 70"))
    assert changed.endswith("[traits]\nconsistency = 0.5\n")
    assert "seed = 5          # any" in changed
    del scenario["traits"]
    assert list(scenario) == ["title", "run", "record"]
    assert Scenario.parse(scenario.to_toml()) == scenario


@pytest.mark.parametrize("name", ["betrayal_and_repair", "where_regimes_arise", "three_childhoods"])
def test_shipped_scenarios_round_trip(name, command_line):
    text = command_line("examples", name)
    scenario = Scenario.example(name)
    assert scenario.to_toml() == text
    assert scenario.check() == []
    assert Scenario(dict(scenario)) == scenario
    assert Scenario(dict(scenario)).check() == []


def test_values_are_set_on_a_copy():
    base = Scenario({"title": "Care", "run": {"couples": 20, "days": 10}})
    more = base.set("traits.responsiveness", 0.8).set({"run.couples": 30})
    assert base.overrides == {}
    assert more.overrides == {"traits.responsiveness": 0.8, "run.couples": 30}
    assert len(more.run(charts=False).couples) == 30
    assert len(more.run(set={"run.couples": 25}, charts=False).couples) == 25
    assert len(base.run(charts=False).couples) == 20
    with pytest.raises(ValueError, match=r"traits\.responsiveness"):
        more.to_toml()
    with pytest.raises(ValueError, match="not a dotted key"):
        base.set("run=couples", 3)
    with pytest.raises(TypeError, match="NoneType"):
        base.set("run.couples", None)


def test_copies_share_nothing():
    one = Scenario.parse(SMALL)
    two = one.copy()
    two["run"]["couples"] = 1
    assert one["run"]["couples"] == 60
    assert one != two


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    scenario = Scenario.parse(SMALL)
    path = scenario.save(tmp_path / "own.toml")
    with pytest.raises(FileExistsError):
        scenario.save(path)
    scenario["run"]["couples"] = 3
    scenario.save(path, force=True)
    assert Scenario.from_file(path) == scenario
    assert [it.name for it in tmp_path.iterdir()] == ["own.toml"]
    with pytest.raises(FileNotFoundError):
        scenario.save(tmp_path / "none" / "own.toml")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (np.bool_(False), "false"),
        (np.int64(2**60), str(2**60)),
        (np.float64(0.1), "0.1"),
        (np.float32(0.5), "0.5"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        ('a "quoted"\n\\ text', '"a \\"quoted\\"\\n\\\\ text"'),
        (range(3), "[0, 1, 2]"),
        (np.array([0.5, 1.0]), "[0.5, 1.0]"),
        ({"dist": "beta", "mean": 0.5}, '{ "dist" = "beta", "mean" = 0.5 }'),
    ],
)
def test_values_are_written_as_toml(value, text):
    assert literal(value) == text


def test_distributions_and_lists_of_events_can_be_set(small):
    values = {
        "traits.a.anxiety": {"dist": "truncated_normal", "mean": np.float64(0.7), "sd": 0.1},
        "event": [{"kind": "betrayal", "day": 10, "of": "a"}],
        "record.observables": ["trust", "intimacy"],
    }
    results = pairbond.run(small, set=values, charts=False)
    assert 0.6 < results.couples["anxiety_a"].mean() < 0.8
    assert set(results.trajectory["observable"]) >= {"trust", "intimacy"}


def test_all_errors_have_their_places(small):
    text = SMALL.replace("days = 40", "dayz = 40").replace("couples = 60", "couples = -1")
    small.write_text(text)
    with pytest.raises(pairbond.ScenarioError) as caught:
        pairbond.run("small.toml", set={"run.sed": 3})
    by_line = {(Path(it.file).name, it.line): it for it in caught.value.errors}
    unknown = by_line["small.toml", 7]
    assert (unknown.code, unknown.column) == ("E007", 1)
    assert unknown.place.end_column == 5
    assert unknown.help == "did you mean `days`?"
    assert by_line["small.toml", 6].column == 11
    assert by_line["--set run.sed=3", 1].help == "did you mean `seed`?"
    assert "error[E007]" in str(caught.value)
    found = pairbond.check(small)
    assert [it.code for it in found if it.level == "error"] == [
        it.code for it in caught.value.errors if not it.file.startswith("--set")
    ]
    assert "unknown" in pairbond.explain(unknown.code).lower() or pairbond.explain(unknown.code)


def test_errors_of_a_scenario_in_memory_name_it_and_no_temporary_file():
    scenario = Scenario({"title": "a", "run": {"dayz": 3}}, name="mine")
    (found,) = scenario.check()
    assert (found.file, found.line) == ("mine.toml", 4)
    assert "--> mine.toml:4:1" in found.rendered
    with pytest.raises(pairbond.ScenarioError, match=r"mine\.toml:4:1"):
        scenario.run()


def test_a_text_that_is_no_toml_has_the_place_of_the_error(tmp_path):
    with pytest.raises(pairbond.ScenarioError) as caught:
        Scenario.parse("title = 'a'\n[run\n", name="mine")
    (found,) = caught.value.errors
    assert (found.file, found.line, found.code) == ("mine.toml", 2, "E005")
    with pytest.raises(FileNotFoundError):
        Scenario.from_file(tmp_path / "none.toml")


def test_warnings_are_warnings_at_the_line_of_the_call(small):
    with pytest.warns(pairbond.ScenarioWarning, match=r"W004") as caught:
        pairbond.run(small, set={"run.couples": 3}, charts=False)
    assert caught[0].filename == __file__
    found = pairbond.check(small, set={"run.couples": 3})
    assert [(it.level, it.code) for it in found] == [("warning", "W004")]
    with pytest.warns(pairbond.ScenarioWarning, match="simulates the base scenario only"):
        pairbond.Scenario.parse(SWEEP).run(charts=False)


def test_a_table_of_points_goes_with_its_scenario(tmp_path):
    (tmp_path / "points.csv").write_text("traits.responsiveness\n0.3\n0.9\n")
    text = SMALL + '\n[sweep]\ndesign = "table"\ntable = "points.csv"\n'
    (tmp_path / "own.toml").write_text(text)
    scenario = Scenario.from_file(tmp_path / "own.toml")
    results = scenario.sweep(charts=False)
    assert list(results.points["responsiveness"]) == [0.3, 0.9]


def test_a_few_lines_of_documentation_are_true():
    names = ["pairbond", *(f"pairbond.{it}" for it in ("_scenario", "_results", "_commands"))]
    tried = 0
    for name in names:
        result = doctest.testmod(importlib.import_module(name))
        assert result.failed == 0, name
        tried += result.attempted
    assert tried > 5


def test_the_readme_is_true(tmp_path, monkeypatch):
    readme = Path(__file__).parents[1] / "README.md"
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```$", readme.read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) > 4
    names = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102
