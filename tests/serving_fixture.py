"""A real server of the kit in a process of its own, for tests that open its pages."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

KIT = Path(__file__).resolve().parents[1]
#: For browser tests: Debian's Chromium, asking nobody outside anything.
#: An empty SENCO_CHROMIUM stands for the one that Playwright keeps itself.
CHROMIUM: str | None = os.environ.get("SENCO_CHROMIUM", "/usr/bin/chromium") or None
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: How long a browser test waits for something to show, in milliseconds: a slow computer is no fault of the kit's.
PATIENCE = 30_000
_START = """
import sys
from senco_kit.serving import app
app.FIRST_PORT = {first}
sys.exit(app.serve({port!r}, {listen!r}, False))
"""

#: A widget whose button shows what the kernel has counted, so that a new number is an answer of the kernel.
WIDGET_CELL = '''\
import anywidget, traitlets

class Counter(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button");
      const show = () => { button.textContent = "Counted " + model.get("counted"); };
      button.addEventListener("click", () => { model.set("clicks", model.get("clicks") + 1); model.save_changes(); });
      model.on("change:counted", show);
      show();
      el.append(button);
    }
    export default { render };
    """
    _css = "button { min-height: 44px; }"
    clicks = traitlets.Int(0).tag(sync=True)
    counted = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("clicks")
    def count(self, change):
        self.counted = change["new"]

Counter()
'''


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_page(folder: Path, name: str, heading: str, code: str, senco: dict[str, Any] | None = None) -> None:
    """Write a page notebook: a heading in Markdown and one code cell."""
    cells = [
        {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": f"# {heading}\n\nA page of a test."},
        {"cell_type": "code", "id": "code", "metadata": {}, "source": code, "outputs": [], "execution_count": None},
    ]
    notebook = {"cells": cells, "metadata": {"senco": senco} if senco else {}, "nbformat": 4, "nbformat_minor": 5}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def until(true: Callable[[], Any], seconds: float = 20, what: str = "it") -> Any:
    """Ask again and again until the answer is true, and return it; fails when it does not become so in time."""
    end = time.monotonic() + seconds
    while True:
        answer = true()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} seconds; last answer: {answer!r}")
        time.sleep(0.1)


def processes_below(pid: int) -> list[int]:
    """All live descendants of a process."""
    import psutil  # type: ignore[import-untyped]

    try:
        return [child.pid for child in psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def kernels_below(pid: int) -> list[int]:
    """The kernels of a server, however they were started, and not what a kernel itself starts for a moment."""
    import psutil

    found = []
    for process in processes_below(pid):
        with suppress(psutil.NoSuchProcess):
            child = psutil.Process(process)
            started = child.ppid() == pid and "ipykernel_launcher" in child.cmdline()
            if (started or child.name().startswith("kernel-")) and child.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be collected does not."""
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class KitServer:
    """Starts, stops and kills a server of the kit, and asks it things."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self.home = Path()
        self.said: list[str] = []

    def start(
        self,
        home: Path,
        notebooks: Path | None = None,
        env: Mapping[str, str] | None = None,
        listen: str = "127.0.0.1",
        port: int | None = None,
        first: int | None = None,
    ) -> str:
        """Start the server on a free port, wait until it says that it is open, and return its address."""
        if first is None:
            self.launch(home, notebooks, env, listen, free_port() if port is None else port)
        else:
            self.launch(home, notebooks, env, listen, None, first)
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            found = re.search(r"Open (http://\S+)", line)
            if found:
                self.url = found[1]
                return self.url
        status = self._end(signal.SIGTERM)
        raise AssertionError(f"The server ended with {status} and said: {self.said}")

    def launch(
        self,
        home: Path,
        notebooks: Path | None = None,
        env: Mapping[str, str] | None = None,
        listen: str = "127.0.0.1",
        port: int | None = None,
        first: int = 8866,
    ) -> None:
        """Start the process without waiting for anything; without a port it looks for one from `first` on."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("SENCO_", "JUPYTER"))}
        settings |= {"SENCO_HOME": str(home / "work"), "HOME": str(home), "PYTHONPATH": str(KIT / "src")}
        if notebooks is not None:
            settings["SENCO_NOTEBOOKS"] = str(notebooks)
        settings |= dict(env or {})
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.said = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START.format(port=port, listen=listen, first=first)],
            env=settings,
            cwd=home,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def end_of_start(self, seconds: float = 60) -> tuple[int, str]:
        """For a server that should not start or stay: its exit status and all it said."""
        assert self.process is not None
        said, _ = self.process.communicate(timeout=seconds)
        return self.process.returncode, "\n".join(self.said) + said

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self.process is not None
        return self.process.pid

    def get(self, path: str = "/", headers: Mapping[str, str] | None = None) -> tuple[int, Mapping[str, str], str]:
        """Status, headers and text of an address on the server; redirects are followed."""
        address = self.url.split("?")[0].rstrip("/") + path
        request = urllib.request.Request(address, headers=dict(headers or {}))
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, dict(refused.headers), refused.read().decode("utf-8", "replace")

    def health(self) -> dict[str, Any]:
        """What the health address says."""
        status, _, text = self.get("/health")
        assert status == 200
        answer: dict[str, Any] = json.loads(text)
        return answer

    def kernels(self) -> int:
        """How many kernels live."""
        return int(self.health()["kernels"])

    def stop(self) -> int | None:
        """Ask the server to stop (SIGTERM) and wait for it; returns its exit status."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server at once (SIGKILL), as a power cut would."""
        self._end(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _end(self, how: signal.Signals) -> int | None:
        if self.process is None:
            return None
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=20)
        self.said += rest.splitlines()
        status, self.process = self.process.returncode, None
        return status
