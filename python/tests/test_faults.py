"""What goes wrong around the program: clear errors, and nothing is lost."""

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import files_of

import pairbond

# Longer than any test waits.
LONG = {"run.couples": 100_000_000, "run.days": 1000, "record.every": 500}

# Short jobs that take some seconds on one core.
MANY = {"run.replicates": 600, "run.couples": 1000}


def temporary_folders():
    """The folders that this package has made and not removed."""
    return {path for path in Path(tempfile.gettempdir()).iterdir() if "pairbond-" in path.name}


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path, monkeypatch):
    """Temporary folders go, in all of these tests."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert temporary_folders() == set()


def children():
    """The numbers of this process's children, zombies included."""
    tasks = Path("/proc/self/task").iterdir()
    return [int(it) for task in tasks for it in (task / "children").read_text().split()]


def script(path, text):
    """A program that is a script of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_missing_program_is_reported_with_what_to_do(small, monkeypatch):
    monkeypatch.setenv("PAIRBOND", str(small.parent / "none"))
    with pytest.raises(pairbond.ProgramNotFoundError, match=r"PAIRBOND names .*none, which is no"):
        pairbond.run(small)
    monkeypatch.delenv("PAIRBOND")
    monkeypatch.setattr("pairbond._program._candidates", lambda: iter([small.parent / "none"]))
    with pytest.raises(pairbond.ProgramNotFoundError, match="pip install"):
        pairbond.run(small)


def test_a_file_that_is_no_program_is_reported(small, monkeypatch):
    path = small.parent / "program"
    path.write_bytes(b"\x00\x01")
    path.chmod(0o755)
    monkeypatch.setenv("PAIRBOND", str(path))
    with pytest.raises(pairbond.ProgramNotFoundError, match="could not start"):
        pairbond.run(small)
    monkeypatch.setenv("PAIRBOND", str(script(path, "echo some other program")))
    with pytest.raises(pairbond.VersionError, match="is not the program pairbond"):
        pairbond.run(small)


def test_another_version_is_refused_and_named(small, monkeypatch):
    text = 'printf "pairbond 7.8.9\\ncommit: not recorded\\nfeatures: none\\n"'
    monkeypatch.setenv("PAIRBOND", str(script(small.parent / "newer", text)))
    needs = f"newer is version 7.8.9, and this package needs {pairbond.__version__}"
    with pytest.raises(pairbond.VersionError, match=needs):
        pairbond.run(small)
    # A program that was replaced is asked again.
    replaced = text.replace("7.8.9", "7.8.10")
    monkeypatch.setenv("PAIRBOND", str(script(small.parent / "newer", replaced)))
    with pytest.raises(pairbond.VersionError, match=r"7\.8\.10"):
        pairbond.check(small)


def test_folders_of_other_versions_are_read_with_a_warning(small):
    folder = pairbond.run(small, charts=False, out="kept").folder
    manifest = json.loads((folder / "manifest.json").read_text())

    def rewrite(**changes):
        (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}))

    rewrite(version="0.0.9")
    with pytest.warns(pairbond.VersionWarning, match=r"written by version 0\.0\.9") as caught:
        results = pairbond.read(folder)
    assert caught[0].filename == __file__
    assert len(results.couples) == 60
    with pytest.raises(pairbond.RefusedError, match=r"0\.0\.9"):
        pairbond.compare(folder, folder, names=["one", "two"])
    rewrite(format=99, version="9.0.0")
    with pytest.raises(pairbond.ResultsError, match=r"written by version 9\.0\.0.*newer"):
        pairbond.read(folder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read"),
        ("[]", "not a manifest of pairbond"),
        ('{"program": "other", "format": 1}', "not a manifest of pairbond"),
        ('{"program": "pairbond", "format": 1}', "damaged"),
    ],
)
def test_damaged_folders_are_reported(tmp_path, text, reason):
    folder = tmp_path / "folder"
    with pytest.raises(pairbond.ResultsError, match="there is no folder"):
        pairbond.read(folder)
    folder.mkdir()
    with pytest.raises(pairbond.ResultsError, match="holds no results"):
        pairbond.read(folder)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(pairbond.ResultsError, match=reason):
        pairbond.read(folder)


def test_damaged_tables_are_reported(small):
    results = pairbond.run(small, charts=False, format="parquet", out="kept")
    path = results.folder / "couples.parquet"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(pairbond.ResultsError, match=r"couples\.parquet cannot be read"):
        _ = results.couples
    path.unlink()
    with pytest.raises(pairbond.ResultsError, match=r"couples\.parquet is missing"):
        _ = results.couples
    (results.folder / "codebook.csv").unlink()
    with pytest.raises(pairbond.ResultsError, match=r"codebook\.csv cannot be read"):
        _ = pairbond.read("kept").trajectory


def test_a_folder_that_exists_is_not_replaced_without_force(small):
    pairbond.run(small, charts=False, out="kept", format="csv")
    before = files_of("kept")
    with pytest.raises(pairbond.RefusedError, match=r"already exists \(force=True replaces it\)"):
        pairbond.run(small, charts=False, out="kept", format="csv", set={"run.seed": 6})
    assert files_of("kept") == before
    pairbond.run(small, charts=False, out="kept", format="csv", set={"run.seed": 6}, force=True)
    assert files_of("kept") != before


def test_a_missing_scenario_is_reported_with_a_near_name(small):
    with pytest.raises(pairbond.RefusedError, match=r"did you mean .*small\.toml") as caught:
        pairbond.run("smal.toml")
    assert caught.value.exit_code == 2
    with pytest.raises(pairbond.RefusedError, match=r"did you mean .*small\.toml"):
        pairbond.check("smal.toml")


def test_a_folder_that_may_not_be_written_is_reported(small):
    if os.geteuid() == 0:
        # Permissions do not bind root, but this file system does.
        closed = Path("/sys/kernel")
    else:
        closed = small.parent / "closed"
        closed.mkdir(mode=0o555)
    with pytest.raises(pairbond.CommandError, match=f"could not create {closed}/out"):
        pairbond.run(small, charts=False, out=closed / "out")
    with pytest.raises(pairbond.CommandError, match="is not a folder"):
        pairbond.run(small, charts=False, out=small / "out")


def test_a_full_disk_is_reported_and_leaves_nothing(small):
    results = pairbond.run(small, charts=False, out="kept", format="csv")
    before = files_of("kept")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The largest file that can be written; the program takes it for a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(pairbond.CommandError, match="could not write") as caught:
            pairbond.run(small, charts=False, out="other", format="csv")
        with pytest.raises(pairbond.CommandError, match="could not write"):
            pairbond.run(small, charts=False, out="kept", format="csv", force=True)
        with pytest.raises(pairbond.CommandError, match="could not write"):
            pairbond.run(small, charts=False, format="csv")
        with pytest.raises(OSError, match="File too large"):
            results.save("copy")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.exit_code == 1
    assert files_of("kept") == before
    left = {path.name for path in small.parent.iterdir()}
    assert left == {"small.toml", "kept", "temporary"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system")
def test_a_small_file_system_is_reported_when_it_is_full(small):
    mount = small.parent / "disk"
    mount.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(mount)]
    if subprocess.run(words, check=False).returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(pairbond.CommandError, match=r"(?i)no space|full"):
            pairbond.run(small, charts=False, out=mount / "out")
        assert list(mount.iterdir()) == []
    finally:
        subprocess.run(["umount", str(mount)], check=True)  # noqa: S607


def kill_child(number):
    """A function of progress that sends a signal to the program, once it works."""
    sent = []

    def on_progress(_):
        if not sent:
            (child,) = children()
            os.kill(child, number)
            sent.append(child)

    return on_progress


def test_a_program_that_is_killed_is_reported(small):
    with pytest.raises(pairbond.ProgramKilledError, match=r"SIGKILL.*memory is short") as caught:
        pairbond.run(small, set=LONG, out="out", progress=kill_child(signal.SIGKILL))
    assert caught.value.exit_code == -signal.SIGKILL
    assert not Path("out").exists()
    assert children() == []
    # What the killed one has left goes with the next.
    pairbond.run(small, out="out", charts=False)
    left = {path.name for path in small.parent.iterdir()}
    assert left == {"small.toml", "out", "temporary"}


def test_a_program_that_another_one_interrupts_is_reported(small):
    with pytest.raises(pairbond.CommandError, match="interrupted; no files") as caught:
        pairbond.run(small, set=LONG, out="out", progress=kill_child(signal.SIGTERM))
    assert caught.value.exit_code == 130


def ctrl_c(delay, when=lambda _: True):
    """A function of progress after which Ctrl-C is pressed once."""
    pressed = []

    def press():
        os.kill(os.getpid(), signal.SIGINT)

    def on_progress(progress):
        if not pressed and when(progress):
            pressed.append(progress)
            threading.Timer(delay, press).start() if delay else press()

    return on_progress


def test_an_interruption_ends_the_program_and_leaves_nothing(small):
    begin = time.monotonic()
    with pytest.raises(pairbond.Interrupted, match="no files were written") as caught:
        pairbond.run(small, set=LONG, out="out", progress=ctrl_c(0.05))
    assert time.monotonic() - begin < 60
    assert isinstance(caught.value, KeyboardInterrupt)
    assert not isinstance(caught.value, Exception)
    assert caught.value.resume is None
    assert children() == []
    left = {path.name for path in small.parent.iterdir()}
    assert left == {"small.toml", "temporary"}


@pytest.mark.parametrize("out", [None, "out"])
def test_an_interrupted_sweep_resumes_to_the_same_bytes(sweep, out):
    on_progress = ctrl_c(0, lambda progress: progress.done > 0)
    options = {"set": MANY, "charts": False, "format": "csv"}
    with pytest.raises(pairbond.Interrupted, match="resume=True") as caught:
        pairbond.sweep(sweep, out=out, progress=on_progress, threads=1, **options)
    folder = caught.value.resume
    assert folder is not None
    assert folder.with_name(f"{folder.name}.unfinished").is_dir()
    assert children() == []
    with pytest.raises(ValueError, match="out="):
        pairbond.sweep(sweep, resume=True, **options)
    resumed = pairbond.sweep(sweep, out=folder, resume=True, **options)
    fresh = pairbond.sweep(sweep, out="fresh", **options)
    assert files_of(resumed.folder) == files_of(fresh.folder)
    if out is None:
        for path in sorted(folder.parent.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        folder.parent.rmdir()


POWER = """title = "A partner effect"
[power]
replicates = 3000
[power.vary]
couples = [40, 80, 120]
[power.effects]
actor = 0.4
partner = 0.3
intercept_sd = 0.8
residual_sd = 1.0
"""


def test_an_interrupted_power_analysis_resumes_to_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scenario = pairbond.Scenario.parse(POWER)
    on_progress = ctrl_c(0, lambda progress: progress.done > 0)
    options = {"charts": False, "format": "csv"}
    with pytest.raises(pairbond.Interrupted, match="resume=True") as caught:
        pairbond.power(scenario, out="out", progress=on_progress, threads=1, **options)
    assert caught.value.resume == (tmp_path / "out")
    with pytest.raises(ValueError, match="out="):
        pairbond.power(scenario, resume=True)
    resumed = pairbond.power(scenario, out="out", resume=True, **options)
    fresh = pairbond.power(scenario, out="fresh", **options)
    assert files_of(resumed.folder) == files_of(fresh.folder)


def test_a_killed_sweep_resumes(sweep):
    options = {"set": MANY, "charts": False}

    def on_progress(progress):
        if progress.done > 0:
            for child in children():
                os.kill(child, signal.SIGKILL)

    with pytest.raises(pairbond.ProgramKilledError, match="resume=True"):
        pairbond.sweep(sweep, out="out", progress=on_progress, threads=1, **options)
    resumed = pairbond.sweep(sweep, out="out", resume=True, **options)
    fresh = pairbond.sweep(sweep, out="fresh", **options)
    assert files_of(resumed.folder) == files_of(fresh.folder)


IN_THE_BACKGROUND = """
import json, signal, sys
import pairbond

assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN

def raising(error):
    def on_progress(_):
        raise error
    return on_progress

for error, expected in [(KeyboardInterrupt, pairbond.Interrupted), (LookupError, LookupError)]:
    try:
        pairbond.run("small.toml", set=json.loads(sys.argv[1]), out="out", progress=raising(error))
    except expected:
        print(expected.__name__)
"""


def test_programs_end_also_in_a_process_that_was_started_in_the_background(small):
    # As `jupyter lab &` is by a script: SIGINT is ignored, and so it is in the program.
    words = [sys.executable, "-c", IN_THE_BACKGROUND, json.dumps(LONG)]
    ended = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert ended.stdout.split() == ["Interrupted", "LookupError"]
    assert not Path("out").exists()


def test_an_error_in_a_function_of_progress_ends_the_program(small):
    def on_progress(_):
        raise LookupError("own")

    with pytest.raises(LookupError, match="own"):
        pairbond.run(small, set=LONG, out="out", progress=on_progress)
    assert children() == []
    assert not Path("out").exists()


def test_two_runs_into_one_folder_do_not_mix(small):
    def run(seed):
        values = {"run.seed": seed, "run.couples": 500}
        try:
            return pairbond.run(small, set=values, out="out", charts=False, format="csv")
        except pairbond.CommandError as error:
            return error

    for _ in range(2):
        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(run, [11, 12]))
        done = [it for it in outcomes if isinstance(it, pairbond.Results)]
        (refused,) = (it for it in outcomes if not isinstance(it, pairbond.Results))
        assert "already exists" in str(refused)
        done[0].verify()
        left = {path.name for path in small.parent.iterdir()}
        assert left == {"small.toml", "out", "temporary"}
        for path in Path("out").iterdir():
            path.unlink()


def test_two_sweeps_into_one_folder_do_not_mix(sweep):
    def run(seed):
        values = {**MANY, "run.seed": seed}
        try:
            return pairbond.sweep(sweep, set=values, out="out", threads=1, charts=False)
        except pairbond.RefusedError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(run, [11, 12]))
    (done,) = (it for it in outcomes if isinstance(it, pairbond.Results))
    (refused,) = (it for it in outcomes if not isinstance(it, pairbond.Results))
    assert "another process is writing this" in str(refused)
    assert len(done.points) == 2
    left = {path.name for path in sweep.parent.iterdir()}
    assert left == {"sweep.toml", "out", "temporary"}


def test_a_thousand_calls_leave_nothing_open(small):
    scenario = pairbond.Scenario.from_file(small)
    scenario["run"]["days"] = 5
    options = {"charts": False, "report": False, "format": "csv", "threads": 1}
    first = scenario.run(**options).trajectory
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    calls = 1000
    for _ in range(calls):
        results = scenario.run(**options)
    assert results.trajectory.equals(first)
    after = len(os.listdir("/proc/self/fd")), threading.active_count()
    assert after == before
    assert children() == []
    del results
    assert temporary_folders() == set()


NAMES = [
    "two words",
    'it\'s "quoted"',
    "Ünïcödé 💞",
    "$(touch pwned); `touch pwned` | & > pwned",
    "-rf",
    "a=b",
    "line\nbreak",
    "back\\slash %s {}",
    "[a-z]*?",
]


@pytest.mark.parametrize("name", NAMES)
def test_paths_are_passed_as_they_are_and_no_shell_is_started(tmp_path, monkeypatch, name):
    folder = tmp_path / name
    folder.mkdir()
    monkeypatch.chdir(folder)
    path = folder / f"{name}.toml"
    path.write_text('title = "a"\n[run]\ncouples = 30\ndays = 5\n')
    results = pairbond.run(path.name, out=name, charts=False)
    assert results.folder == folder / name
    for library in ("pandas", "polars"):
        assert len(pairbond.read(name).table("couples", frames=library)) == 30
    assert pairbond.check(path) == []
    own = pairbond.Scenario.from_file(path.name)
    assert len(own.run(charts=False).couples) == 30
    compared = pairbond.compare(results, path, names=["one", "two"], charts=False)
    assert set(compared.differences["condition"]) == {"two"}
    assert sorted(it.name for it in folder.iterdir()) == sorted([name, f"{name}.toml"])
    assert not list(tmp_path.rglob("pwned"))


def test_a_path_that_is_no_text_is_passed_on(small):
    out = os.fsdecode(b"not-\xff-utf8")
    results = pairbond.run(small, out=out, charts=False)
    for library in ("pandas", "polars"):
        assert len(pairbond.read(out).table("couples", frames=library)) == len(results.couples)


def test_values_are_no_options(small):
    results = pairbond.run(small, set={"title": "--force -o x $(touch pwned)"}, charts=False)
    assert results.manifest["overrides"] == ['title="--force -o x $(touch pwned)"']
    with pytest.raises(pairbond.ScenarioError):
        pairbond.run(small, set={"--force": 1})
    with pytest.raises(pairbond.RefusedError):
        pairbond.claims(small, ablate=["x --force"])
    with pytest.raises(pairbond.RefusedError):
        pairbond.validate(["--list-measures"])


def test_the_module_is_the_program(small):
    words = [sys.executable, "-m", "pairbond", "check", str(small)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    assert ended.stdout.endswith("60 couples, 40 days, 1 replicate: no errors\n")
    words[3:] = ["check", "none.toml"]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 2
