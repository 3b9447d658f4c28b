"""A real kernel, forked or started the normal way, and what it answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from senco_kit.kernels.forked_process import ForkedProcess
from senco_kit.kernels.provisioner import ForkProvisioner

Result = TypeVar("Result")

#: Seconds for anything at all on a busy computer; everything here takes far less.
PATIENCE = 60


def in_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """What it gives, in an event loop of its own: Playwright's, of a test before, may still be there in this thread."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


class Kernel:
    """A kernel with its manager and a client."""

    def __init__(self, kind: type[LocalProvisioner] = ForkProvisioner, **asked: Any) -> None:
        self.manager = KernelManager(kernel_name="python3", context=zmq.Context())
        self.manager.provisioner = kind(kernel_id="", kernel_spec=self.manager.kernel_spec, parent=self.manager)
        self.manager.start_kernel(**asked)
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    @property
    def process(self) -> Any:
        assert self.manager.provisioner is not None
        return self.manager.provisioner.process

    @property
    def is_forked(self) -> bool:
        return isinstance(self.process, ForkedProcess)

    def run(self, code: str, answer: str | None = None) -> list[tuple[str, Any]]:
        """What a cell shows, in order: texts as they are, of anything else its kinds; errors as their name."""
        shown: list[tuple[str, Any]] = []
        self.client.execute_interactive(
            code,
            allow_stdin=answer is not None,
            stdin_hook=lambda message: self.client.input(answer or ""),
            output_hook=lambda message: shown.append(_in_short(message)),
            timeout=PATIENCE,
        )
        # Text comes in pieces as it pleases.
        joined: list[tuple[str, Any]] = []
        for kind, what in (each for each in shown if each[0] not in ("status", "execute_input")):
            if joined and joined[-1][0] == kind and kind in ("stdout", "stderr"):
                joined[-1] = (kind, joined[-1][1] + what)
            else:
                joined.append((kind, what))
        return joined

    def value(self, expression: str) -> Any:
        """The value of an expression, as text."""
        reply = self.client.execute("", silent=True, user_expressions={"it": expression}, reply=True, timeout=PATIENCE)
        found = reply["content"]["user_expressions"]["it"]
        return found["data"]["text/plain"] if found["status"] == "ok" else found["ename"]

    def end(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.context.destroy(linger=0)


def _in_short(message: dict[str, Any]) -> tuple[str, Any]:
    kind, content = message["header"]["msg_type"], message["content"]
    if kind == "stream":
        return content["name"], content["text"]
    if kind == "error":
        return kind, content["ename"]
    data = content.get("data", {})
    return kind, data["text/plain"] if list(data) == ["text/plain"] else sorted(data)


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about"
        time.sleep(0.02)


def runs(process: int) -> bool:
    """Whether a process still runs; one that only waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
