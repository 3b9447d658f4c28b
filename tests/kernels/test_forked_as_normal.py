"""A forked kernel gives the same answers as one that was started the normal way."""

from __future__ import annotations

import re

import pytest
from real_kernel import Kernel, until

_IMPORTS = """
import os, sys, signal, locale, resource, time, threading, logging, warnings, tempfile
import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt
"""

#: Whatever a person or a library may ask of the system, of Python and of IPython.
_QUESTIONS = {
    "environment": "sorted((name, value) for name, value in os.environ.items() if name != 'JPY_PARENT_PID')",
    "owner": "os.environ['JPY_PARENT_PID']",
    "folder": "os.getcwd()",
    "arguments": "[each for each in sys.argv if not each.endswith('.json')]",
    "command": "[each for each in sys.orig_argv if not each.endswith('.json')]",
    "program": "sys.executable, sys.prefix, sys.flags, sys._xoptions",
    "path of modules": "sys.path",
    "folder of processes by spawn": "__import__('multiprocessing.process').process.ORIGINAL_DIR",
    "main module": "__name__, sorted(name for name in vars(sys.modules['__main__']) if name[:2] == '__')",
    "session and group": "os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()",
    "signals": "[(each.name, str(signal.getsignal(each)).split(' at ')[0]) for each in signal.Signals]",
    "signals that wait": "signal.pthread_sigmask(signal.SIG_BLOCK, [])",
    "rights of new files": "[line for line in open('/proc/self/status') if line[:5] in ('Umask', 'SigIg', 'SigCg')]",
    "limits": "[resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name[:7] == 'RLIMIT_']",
    "rank": "os.nice(0), open('/proc/self/oom_score_adj').read()",
    "language": "[locale.setlocale(getattr(locale, name)) for name in dir(locale) if name[:3] == 'LC_']",
    "time zone": "time.tzname",
    "streams": "[(type(each).__name__, each.encoding, each.errors, each.line_buffering) for each in"
    " (sys.__stdin__, sys.__stdout__, sys.__stderr__)]",
    "what stands for them": "type(sys.stdin), type(sys.stdout), type(sys.stderr)",
    "hooks": "[(type(each).__name__, getattr(each, '__name__', '')) for each in"
    " (sys.excepthook, sys.displayhook, sys.breakpointhook, input)]",
    "interpreter": "sys.getrecursionlimit(), sys.getswitchinterval(), sys.gettrace(), sys.getdlopenflags()",
    "loggers": "sorted((name, [type(each).__name__ for each in logger.handlers], logger.level, logger.propagate) for"
    " name, logger in logging.root.manager.loggerDict.items() if getattr(logger, 'handlers', 0))",
    "logging": "logging.root.handlers, logging.root.level",
    "warnings": "sorted((each[0], str(each[1]), each[2].__name__, str(each[3]), each[4]) for each in warnings.filters)",
    "temporary folder": "tempfile.gettempdir()",
    "magics": "sorted(get_ipython().magics_manager.magics['line']), get_ipython().extension_manager.loaded",
    "events": "{name: [str(each).split(' at ')[0] for each in called] for name, called in"
    " get_ipython().events.callbacks.items()}",
    "printing": "[(kind, each.enabled, sorted(map(str, each.type_printers))) for kind, each in"
    " get_ipython().display_formatter.formatters.items()]",
    "history": "get_ipython().history_manager.enabled, get_ipython().history_manager.hist_file",
    "settings": "{name: sorted(each) for name, each in get_ipython().config.items()}",
    "numbers": "np.float64(1.5), np.geterr(), np.get_printoptions()",
    "pictures": "dict(matplotlib.rcParams), matplotlib.get_backend(), matplotlib.is_interactive()",
    "threads": "sorted(each.name.split()[0] for each in threading.enumerate() if 'Thread-' not in each.name and"
    " each.name != 'lifeline')",
}

#: Cells, with what they may show of the kernel's own in between.
_CELLS = {
    "a module beside the notebook": "import beside; beside.twice(4)",
    "a number of numpy": "np.float64(2.25)",
    "a table": "pd.DataFrame({'a': [1, 2]})",
    "a picture": "plt.plot([1, 2]);",
    "a picture, asked for": "%matplotlib inline\nplt.figure(); plt.plot([1, 2]); plt.show()",
    "a program": "import subprocess; print(subprocess.run(['sh', '-c', 'echo $OWN_VARIABLE; cat; pwd'], capture_output="
    "True, text=True, timeout=50).stdout)",
    "what a program writes": "!echo written && echo wrong >&2",
    "processes by fork": "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
    "    print(pool.map(abs, [-1, -2]))",
    "processes by spawn": "with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
    "    print(pool.map(beside.twice, [1, 2]), pool.apply(os.getcwd) == os.getcwd())",
    "threads": "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n"
    "    print(list(pool.map(abs, [-3, 4])))",
    "waiting": "import asyncio\nawait asyncio.sleep(0.01, 'waited')",
    "a warning": "warnings.warn('something is old', DeprecationWarning)\nnp.polyfit([1, 1], [1, 1], 1)",
    "an error": "1 / 0",
    "no memory": "bytearray(1 << 60)",
    "asked to end": "raise SystemExit(3)",
    "no input": "input('name? ')",
    "history": "In[-1], _ih[-1] == In[-1]",
    "a debugger's trace": "def f():\n    return sys.gettrace() is None\nf()",
}


@pytest.mark.parametrize("what", _QUESTIONS)
def test_the_same_answer(both: tuple[Kernel, Kernel], what: str) -> None:
    for kernel in both:
        kernel.value(f"exec({_IMPORTS!r}, globals())")
    normal, forked = (kernel.value(f"repr(({_QUESTIONS[what]}))") for kernel in both)
    assert re.search("Error$", normal) is None, normal
    assert forked == normal


@pytest.mark.parametrize("what", _CELLS)
def test_the_same_output(both: tuple[Kernel, Kernel], what: str) -> None:
    for kernel in both:
        kernel.run(_IMPORTS)
    normal, forked = (kernel.run(_CELLS[what]) for kernel in both)
    assert normal
    assert _without_own(forked) == _without_own(normal)


def _without_own(shown: list[tuple[str, object]]) -> str:
    """Without what is a kernel's own: numbers of processes, of places in memory and of cells."""
    return re.sub(r"ipykernel_\d+/\d+|0x[0-9a-f]+|size \d+x\d+", "", repr(shown))


def test_input_is_served(both: tuple[Kernel, Kernel]) -> None:
    for kernel in both:
        assert kernel.run("print('Hello ' + input('name? '))", answer="Ada") == [("stdout", "Hello Ada\n")]


def test_linear_algebra_has_as_many_threads(both: tuple[Kernel, Kernel]) -> None:
    cell = """
import ctypes, numpy
places = {line.split()[-1] for line in open('/proc/self/maps') if 'openblas' in line}
names = [f'{first}openblas_get_num_threads{last}' for first in ('scipy_', '') for last in ('64_', '')]
print(len(places) > 0, sorted(getattr(ctypes.CDLL(place), name)() for place in places for name in names
      if hasattr(ctypes.CDLL(place), name)))
"""
    normal, forked = (kernel.run(cell) for kernel in both)
    assert "True" in str(normal)
    assert forked == normal


def test_open_files_are_those_of_a_kernel(both: tuple[Kernel, Kernel]) -> None:
    """None of the template's, and of nobody else's: as many of each kind, with the lifeline as the one more."""
    cell = """
import collections, os, re
places = [f'/proc/self/fd/{number}' for number in os.listdir('/proc/self/fd')]
kinds = collections.Counter(re.sub(r'[0-9]', '', os.readlink(place)) for place in places if os.path.islink(place))
# Not the standard streams, and not what SQLite opens for a moment.
print({kind: kinds[kind] for kind in sorted(kinds) if kind[:1] != 'p' and not re.search('null|history', kind)})
"""

    def opened() -> list[dict[str, int]]:
        return [eval(kernel.run(cell)[0][1]) for kernel in both]

    def are_alike() -> bool:
        normal, forked = opened()
        return forked.keys() == normal.keys()

    # SQLite also opens the folder of its history for a moment.
    until(are_alike, "the same kinds of open files")
    normal, forked = opened()
    # ZMQ's own come and go by one.
    assert {kind: number for kind, number in forked.items() if number > normal[kind] + 1} == {}
