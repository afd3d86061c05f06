"""Simulates close relationships: the program pairbond, with its results as frames.

>>> import pairbond
>>> scenario = pairbond.Scenario.example("betrayal_and_repair")
>>> results = scenario.run(set={"run.couples": 200})
>>> len(results.couples)
200

:func:`run`, :func:`sweep`, :func:`claims`, :func:`study`, :func:`power`, :func:`recover`,
:func:`validate` and :func:`compare` run the program and return :class:`Results`; :func:`read` opens
a folder of earlier ones. :class:`Scenario` is the text of a scenario as a mapping. :func:`check`
returns all errors of a scenario with their places.
"""

from ._commands import (
    check,
    claims,
    compare,
    examples,
    explain,
    power,
    preregister,
    recover,
    run,
    study,
    sweep,
    validate,
)
from ._errors import (
    CommandError,
    Diagnostic,
    Interrupted,
    PairbondError,
    Place,
    ProgramKilledError,
    ProgramNotFoundError,
    RefusedError,
    ResultsError,
    ScenarioError,
    ScenarioWarning,
    VersionError,
    VersionWarning,
)
from ._frames import Column, use_frames
from ._program import Version, find_program, version
from ._progress import Progress
from ._results import Chart, Charts, Report, Results, read
from ._scenario import Scenario
from ._version import __version__

__all__ = [
    "Chart",
    "Charts",
    "Column",
    "CommandError",
    "Diagnostic",
    "Interrupted",
    "PairbondError",
    "Place",
    "ProgramKilledError",
    "ProgramNotFoundError",
    "Progress",
    "RefusedError",
    "Report",
    "Results",
    "ResultsError",
    "Scenario",
    "ScenarioError",
    "ScenarioWarning",
    "Version",
    "VersionError",
    "VersionWarning",
    "__version__",
    "check",
    "claims",
    "compare",
    "examples",
    "explain",
    "find_program",
    "power",
    "preregister",
    "read",
    "recover",
    "run",
    "study",
    "sweep",
    "use_frames",
    "validate",
    "version",
]

for _name in __all__:
    # Classes and functions are shown by the name by which they are used.
    if getattr(globals()[_name], "__module__", "").startswith("pairbond."):
        globals()[_name].__module__ = "pairbond"
