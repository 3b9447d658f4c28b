"""When kernels are forked, and which parts of an environment a running Python cannot take over any more."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Read when Python or a library is loaded, which in a fork has been long ago: where the environment that a kernel is to
#: have differs in one of them from the template's, the kernel needs another template.
_READ_AT_THE_START = (
    "ARROW_",
    "DEBUGPY_",
    "GLIBC_",
    "GOTO_",
    "HOME",
    "JUPYTER_",
    "LANG",
    "LC_",
    "LD_",
    "MALLOC_",
    "MATPLOTLIBRC",
    "MKL_",
    "MPLCONFIGDIR",
    "NPY_",
    "NUMEXPR_",
    "NUMPY_",
    "OMP_",
    "OPENBLAS_",
    "PANDAS_",
    "PYDEVD_",
    "PYTHON",
    "QT_API",
    "TRAITLETS_",
    "VIRTUAL_ENV",
    "XDG_",
)

#: How the name of a private folder of sockets begins.
SOCKETS = "senco-k-"

#: What kernels and notebooks of the kit, and of most others, import.
USUAL_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.eventloops",
    "IPython.core.completerlib",
    "IPython.core.magics",
    "IPython.extensions.storemagic",
    "IPython.core.debugger",
    "IPython.core.pylabtools",
    "faulthandler",
    "jedi",
    "psutil",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
    "numpy.random",
    "pandas",
    "matplotlib.figure",
    "matplotlib.pyplot",
    "ipywidgets",
    "anywidget",
)


_LONGEST_FOLDER = 60


def mode() -> str:
    """What SENCO_FORK says: "0" never fork, "always" from the first kernel on; else "1", from the second kernel on."""
    said = os.environ.get("SENCO_FORK", "").strip() or "1"
    return said if said in ("0", "1", "always") else "1"


def can_fork() -> bool:
    """Whether this system has what forked kernels need."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def read_at_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a fork cannot take over any more."""
    return {name: value for name, value in environment.items() if name.startswith(_READ_AT_THE_START)}


def reads_folder(environment: Mapping[str, str], folder: str) -> bool:
    """Whether Python or matplotlib would read something else when it is started in this folder."""
    found = environment.get("PYTHONPATH", "")
    return (Path(folder) / "matplotlibrc").is_file() or not all(
        Path(each).is_absolute() for each in (found.split(os.pathsep) if found else [])
    )


#: Places of files with the times of their last change.
Stamp = tuple[tuple[str, int], ...]


def stamp(*more: Path) -> Stamp:
    """Changes when this Python, its packages or the kit's own code do, or a file in one of `more` folders.

    What was made before such a change must not be used after it.
    """
    kit = Path(__file__).resolve().parents[1]
    packages = [Path(place) for place in sys.path if place.endswith("-packages")]
    files = [found for folder in (kit, *more) for found in files_in(folder)]
    return (*((str(place), _changed(place)) for place in [Path(sys.executable), *packages]), *sorted(files))


def files_in(folder: Path) -> Iterator[tuple[str, int]]:
    """Every file below a folder with the time of its last change, but for what Python and Jupyter put beside theirs."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "__pycache__")):
                    continue
                if entry.is_dir():
                    yield from files_in(Path(entry.path))
                else:
                    yield entry.path, entry.stat().st_mtime_ns
    except OSError:
        return


def _changed(place: Path) -> int:
    try:
        return place.stat().st_mtime_ns
    except OSError:
        return 0


def new_socket_folder(prefix: str) -> Path:
    """A new folder that is this person's alone, whose path leaves room for the name of a socket in it.

    The path of a socket may have no more than 107 characters.
    """
    usual = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix=prefix, dir=usual if len(usual) <= _LONGEST_FOLDER else "/tmp"))
