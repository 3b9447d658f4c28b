"""What libraries do when a kernel imports them, done in a fork: its template has imported them before."""

from __future__ import annotations

import ctypes
import importlib
import os
import random
import sys
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Variables of the environment that were set by what the template has imported.
set_by_imports: dict[str, str] = {}

#: How OpenBLAS is told its number of threads: in the wheels of NumPy and SciPy, and elsewhere.
_SETTERS_OF_THREADS = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads64_",
    "openblas_set_num_threads",
)


def import_all(modules: Iterable[str]) -> None:
    """Import these without a warning, and keep what they add to the environment and to the filters of warnings."""
    variables, filters = dict(os.environ), list(warnings.filters)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        quiet = warnings.filters[0]
        for module in modules:
            # Without it the forks import it themselves, and then say what is wrong.
            with suppress(Exception):
                importlib.import_module(module)
        added = [each for each in warnings.filters if each not in filters and each != quiet]
    for action, wanted, category, place, line in reversed(added):
        warnings.filterwarnings(action, _pattern(wanted), category, _pattern(place), line)  # type: ignore[arg-type]
    set_by_imports.update({name: value for name, value in os.environ.items() if variables.get(name) != value})


def _pattern(wanted: Any) -> str:
    return getattr(wanted, "pattern", wanted) or ""


def be_a_process_of_its_own() -> None:
    """Have random numbers, and for processes started by multiprocessing a secret and a folder, of its own."""
    random.seed()
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        numbers.seed()
    process: Any = sys.modules.get("multiprocessing.process")
    if process is not None:
        process.current_process().authkey = os.urandom(32)
        process.ORIGINAL_DIR = str(Path.cwd())


def close_fonts() -> None:
    """Let matplotlib close the files of the fonts that it has used, as it does itself in a fork."""
    manager = sys.modules.get("matplotlib.font_manager")
    forget = getattr(getattr(manager, "_get_font", None), "cache_clear", None)
    if forget is not None:
        forget()


def show_pictures() -> None:
    """Show pictures where Jupyter shows them: matplotlib reads this variable when it is imported."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None and os.environ.get("MPLBACKEND"):
        matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"]


def join_kernel(kernel: Any) -> None:
    """Let widgets, and those that were made before there was a kernel, speak through it."""
    for comm in kernel.comm_manager.comms.values():
        comm.kernel = kernel
    widgets = sys.modules.get("ipywidgets")
    if widgets is not None:
        widgets.register_comm_target()


def use_processors() -> None:
    """Let linear algebra have as many threads as the environment says, or as there are processors."""
    names = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
    said = [int(os.environ[name]) for name in names if os.environ.get(name, "").isdigit()]
    number = next((each for each in said if each), len(os.sched_getaffinity(0)))
    if number > 1:
        for setter in _setters_of_threads():
            setter(number)


def _setters_of_threads() -> Sequence[Any]:
    with suppress(OSError):
        lines = Path("/proc/self/maps").read_text().splitlines()
        libraries = {line.split(maxsplit=5)[-1] for line in lines if "openblas" in line}
        found = [ctypes.CDLL(library) for library in sorted(libraries)]
        return [
            next(getattr(each, name) for name in _SETTERS_OF_THREADS if hasattr(each, name))
            for each in found
            if any(hasattr(each, name) for name in _SETTERS_OF_THREADS)
        ]
    return []
