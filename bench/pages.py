"""How soon a page of the kit opens, for one visitor and for many at once: beside stock Voila, in the same run.

    python bench/pages.py                              arrivals of 1, 5, 10, 20 and 40; 60 pages open; one real browser
    python bench/pages.py --arrivals 1,20 --rounds 1   fewer
    python bench/pages.py --open 0 --browser 0         arrivals only
    python bench/pages.py --columns ours,stock         which servers; also: no-fork, preheated
    python bench/pages.py --others                     the browser's part also for Panel, Streamlit, marimo and Solara
    python bench/pages.py --notebook notebooks/self-audit.ipynb --browser 0      another page than the form
    python bench/pages.py --json FILE                  where the figures go [build/pages.json]

The form has five headings of eight statements, each with a choice of five levels and a note, made of the kit's own
parts; every answer is kept in the kit's store. All servers show the very same notebook: the kit's (`ours`; `no-fork`
with SENCO_FORK=0) and `voila` with its own template and settings (`stock`, and `preheated` with a pool of ready
kernels). Every server is started, and visited three times, before the clock starts; then they take turns, so that what
else happens on the computer falls on all alike.

A visitor is a light client: it gets the page, connects to its kernel, pings the widget and has one answer saved, then
leaves as a browser does. Times are in seconds since the moment at which all arrive. Processor seconds are those of the
server and of everything that it started. Memory is that of each kernel once it is open and idle: USS is what would be
free again if it ended, PSS its share of everything that it uses; "all" is the PSS of the server and everything that it
started, divided by the visitors. The other tools come into a throw-away environment, never into the kit's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import psutil  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).with_suffix("")))
sys.path.insert(0, str(Path(__file__).with_suffix("") / "forms"))

import processes
import visitors
from crowd import arrivals, pages_open
from figures import ARRIVALS, BROWSER, OPEN, Rounds, show
from servers import CannotMeasure, Ours, Server, Stock, install_others, others, versions

from serving_fixture import KIT

COLUMNS = ("ours", "no-fork", "stock", "preheated")
#: More load than this before the start falls on what is measured.
IDLE = 0.5
#: Visitors before the clock starts: what a server does only for its first visitors is none of what is measured here.
WARM_UPS = 3
#: The fewest pages that the kit is let open, and the seconds that a stopped server's processes are given to be gone.
ROOM = 60
A_MOMENT = 3
PACKAGES = ("voila", "anywidget", "ipykernel", "jupyter_client", "jupyter_server", "tornado", "playwright")
OTHER_PACKAGES = ("panel", "bokeh", "streamlit", "marimo", "solara", "solara-ui", "solara-server")


class Parser(argparse.ArgumentParser):
    """Says one sentence about an option that it cannot use."""

    def error(self, message: str) -> NoReturn:
        """The sentence, and where help is."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}; `python bench/pages.py --help` lists the options.\n")


def numbers(text: str) -> list[int]:
    """Whole numbers from 1 to 500, with commas."""
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = [0]
    if not all(1 <= number <= 500 for number in found):
        raise argparse.ArgumentTypeError(f"write whole numbers from 1 to 500 with commas between them, not {text!r}")
    return found


def number(text: str) -> int:
    """One whole number from 0 to 500."""
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 500):
        raise argparse.ArgumentTypeError(f"write a whole number from 0 to 500, not {text!r}")
    return int(text)


def columns(text: str) -> list[str]:
    """Names of servers, with commas."""
    found = [part.strip() for part in text.split(",")]
    unknown = [name for name in found if name not in COLUMNS]
    if unknown or len(set(found)) != len(found):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(COLUMNS)}, each once, not {text!r}")
    return found


def notebook(text: str) -> Path:
    """A notebook that is there."""
    if not text.endswith(".ipynb") or not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no notebook {text!r}")
    return Path(text)


def writable(text: str) -> Path:
    """A file that can be written, or an argparse error now instead of after the run."""
    file = Path(text).resolve()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.open("a").close()
    except OSError as problem:
        raise argparse.ArgumentTypeError(f"the file {text!r} cannot be written ({problem.strerror})") from problem
    return file


def options() -> argparse.Namespace:
    """What was asked for."""
    parser = Parser(description=(__doc__ or "").splitlines()[0], allow_abbrev=False)
    parser.add_argument("--arrivals", type=numbers, default=[1, 5, 10, 20, 40], help="visitors at once [1,5,10,20,40]")
    parser.add_argument("--rounds", type=number, default=3, help="how often each is measured [3]; 0: no arrivals")
    parser.add_argument("--open", type=number, default=60, help="pages open together [60]; 0: leave it out")
    parser.add_argument("--browser", type=number, default=5, help="visits in a real browser [5]; 0: leave it out")
    parser.add_argument("--columns", type=columns, default=["ours", "no-fork", "stock"], help="[ours,no-fork,stock]")
    parser.add_argument("--pool", type=number, default=3, help="ready kernels of `preheated` [3]")
    parser.add_argument("--patience", type=number, default=10, help="seconds that kernels are given to end [10]")
    parser.add_argument("--notebook", type=notebook, help="another page than the form; its answers are not saved")
    parser.add_argument("--profile", type=writable, help="a file for cProfile's figures of `ours`, which slows it down")
    parser.add_argument("--others", action="store_true", help="the browser's part also for the four other tools")
    parser.add_argument("--others-in", type=Path, help="the environment of the other tools, kept for the next run")
    parser.add_argument("--json", type=writable, default=str(KIT / "build" / "pages.json"))
    asked = parser.parse_args()
    if asked.notebook and asked.browser:
        parser.error("the browser's part knows the form only: with --notebook goes --browser 0")
    if asked.others and not asked.browser:
        parser.error("the other tools are measured in the browser: --others does not go with --browser 0")
    return asked


def form_notebook(folder: Path) -> Path:
    """The page of the form: a notebook of one cell."""
    code: dict[str, Any] = {"cell_type": "code", "id": "form", "metadata": {}, "outputs": [], "execution_count": None}
    code["source"] = "import kit_form\n\nkit_form.screen()"
    # Stock Voila looks for the name of the kernel here.
    about = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file = folder / "form.ipynb"
    file.write_text(json.dumps({"cells": [code], "metadata": about, "nbformat": 4, "nbformat_minor": 5}))
    return file


def make_servers(asked: argparse.Namespace, folder: Path) -> list[Server]:
    """The servers of the columns that are asked for, not started yet."""
    shown = asked.notebook or form_notebook(folder)
    enough = {"SENCO_MAX_KERNELS": str(max([ROOM, asked.open, *asked.arrivals]))}
    made: dict[str, Callable[[], Server]] = {
        "ours": lambda: Ours("ours", folder, shown, enough, asked.profile),
        "no-fork": lambda: Ours("no-fork", folder, shown, {**enough, "SENCO_FORK": "0"}),
        "stock": lambda: Stock("stock", folder, shown),
        "preheated": lambda: Stock("preheated", folder, shown, asked.pool),
    }
    return [made[name]() for name in asked.columns]


@contextmanager
def running(servers: Sequence[Server]) -> Iterator[None]:
    """Start the servers; at the end stop them all, and say so when one leaves something behind."""
    with ExitStack() as stops:
        for server in servers:
            stops.callback(_end, server)
            begun = time.perf_counter()
            server.start()
            print(f"{server.name} is open after {time.perf_counter() - begun:.1f} s", flush=True)
        yield


def _end(server: Server) -> None:
    try:
        server.stop()
    finally:
        processes.until(lambda: not processes.pids(server.mark), A_MOMENT)
        left = processes.end_all([server.mark])
    if left:
        print(f"{server.name} left {left} processes behind when it had been stopped; they were ended.", flush=True)


def take_turns(servers: Sequence[Server], rounds: int, measure: Any) -> Rounds:
    """Measure each server once a round, one after the other, each round in the other direction; all at rest before."""
    found: Rounds = {server.name: [] for server in servers}
    for turn in range(rounds):
        for server in servers if turn % 2 == 0 else reversed(servers):
            processes.wait_until_quiet([each.mark for each in servers])
            found[server.name].append(measure(server))
    return found


def measure_light(asked: argparse.Namespace, servers: Sequence[Server]) -> dict[str, Any]:
    """Arrivals, then pages open together."""
    visitors.unlimited()
    answering = asked.notebook is None
    found: dict[str, Any] = {"arrivals": {}, "open": {}}
    take_turns(servers, WARM_UPS, lambda server: asyncio.run(arrivals(server, 1, answering, asked.patience)))
    if asked.rounds:
        for count in asked.arrivals:
            rounds = take_turns(
                servers,
                asked.rounds,
                lambda server, n=count: asyncio.run(arrivals(server, n, answering, asked.patience)),
            )
            found["arrivals"][str(count)] = rounds
            show(f"{count} at once", rounds, ARRIVALS, ["times.complete.last", "processor_seconds_each", "uss.median"])
    if asked.open:
        several = [server for server in servers if server.name != "preheated"]
        rounds = take_turns(several, 1, lambda server: asyncio.run(pages_open(server, asked.open, asked.patience)))
        found["open"] = rounds
        show(f"{asked.open} pages open together", rounds, OPEN, ["uss.median"])
    return found


def measure_in_browser(asked: argparse.Namespace, servers: Sequence[Server]) -> dict[str, Any]:
    """One visitor in a real browser; the first visit of each is not counted."""
    from browser_visit import start_browser, visit
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = start_browser(playwright)
        for server in servers:
            visit(browser, server)
        found = take_turns(servers, asked.browser, lambda server: asdict(visit(browser, server)))
        version = browser.version
        browser.close()
    title = "one visitor in Chromium, a fresh profile each time; milliseconds since the navigation began"
    show(title, found, BROWSER, ["usable", "saved"])
    return {"visits": found, "chromium": version}


def computer() -> dict[str, Any]:
    """What this computer is, without its name."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 1024**3, 1),
        "python": platform.python_version(),
        "load_at_the_start": round(os.getloadavg()[0], 2),
        "versions": versions(Path(sys.executable), PACKAGES),
    }


def run(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything that was asked for."""
    found: dict[str, Any] = {"command": ["python", "bench/pages.py", *_without_paths(asked)], "computer": computer()}
    print(f"{found['computer']['processors']} processors, load {found['computer']['load_at_the_start']}", flush=True)
    if found["computer"]["load_at_the_start"] > IDLE:
        print(f"The computer is busy (load above {IDLE}): only the ratios can be trusted.", flush=True)
    more: list[Server] = []
    if asked.others:
        environment = asked.others_in or folder / "others"
        install_others(environment)
        found["computer"]["other_versions"] = versions(environment / "bin" / "python", OTHER_PACKAGES)
        more = others(folder / "other-tools", environment)
    servers = make_servers(asked, folder)
    with running(servers):
        found.update(measure_light(asked, servers))
        if asked.browser:
            with running(more):
                found["browser"] = measure_in_browser(asked, [*servers, *more])
    return found


def _without_paths(asked: argparse.Namespace) -> list[str]:
    """The options, as they may stand beside published figures."""
    named = {name: value for name, value in vars(asked).items() if not isinstance(value, Path | None)}
    page = {"notebook": asked.notebook.name} if asked.notebook else {}
    texts = {name: ",".join(map(str, value)) if isinstance(value, list) else value for name, value in named.items()}
    return [f"--{name}={text}" for name, text in {**texts, **page}.items()]


def main() -> None:
    """Measure, print tables and write the figures."""
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    logging.disable()  # what a library has to say when it is interrupted
    try:
        with tempfile.TemporaryDirectory(prefix="senco-bench-", ignore_cleanup_errors=True) as folder:
            found = run(asked, Path(folder))
    except CannotMeasure as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped; nothing was written.")
    asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"\nWrote {asked.json}")


if __name__ == "__main__":
    main()
