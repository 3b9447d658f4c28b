"""Runs a page's cells in a template, so that each visitor gets a fork that has run them already.

There is a shell and there are widgets, but no kernel yet, and so no socket and no thread: those come in the fork.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.utils.capture import capture_output

from senco_kit.kernels import letters, libraries
from senco_kit.kernels.become import forked_app, live_apart, take_streams
from senco_kit.kernels.serve import Order, name_process

Output = dict[str, Any]


class CellFailed(Exception):
    """A cell of a page failed; the text names the kind of error, and nothing that might be a person's own words."""


def become_page(order: Order) -> socket.socket:
    """Be the template of a page; gives the socket to its owner, who has been sent the outputs of the cells."""
    *streams, descriptor = order.descriptors
    owner = socket.socket(fileno=descriptor)
    letter = order.letter
    name_process("senco-page")
    take_streams(streams)
    live_apart(letter["environment"], letter["folder"])
    try:
        letters.send(owner, {"tell": "outputs", "outputs": run_cells(letter["cells"])})
    except CellFailed as problem:
        letters.send(owner, {"tell": "refused", "why": str(problem)})
    return owner


def run_cells(cells: list[str]) -> list[list[Output]]:
    """The outputs of each cell, as a notebook file has them. Raises CellFailed."""
    shell = _shell()
    # It would be sent to a page, and there is none yet.
    shell.showtraceback = lambda *_, **__: None
    outputs = []
    for number, source in enumerate(cells, 1):
        with capture_output() as captured:
            # What a cell's last line gives is shown by this hook, which the shell puts in place for each cell.
            shell.display_trap.hook = sys.displayhook
            result = shell.run_cell(source, store_history=False)
        problem = result.error_before_exec or result.error_in_exec
        if problem is not None:
            raise CellFailed(f"code cell {number} of the page failed ({type(problem).__name__})")
        outputs.append(_outputs(captured))
    shell.display_trap.hook = shell.displayhook
    del shell.showtraceback
    return outputs


def _shell() -> Any:
    app = forked_app()
    app.prepare()
    # A history would be a file and a thread, neither of which may be there when this process is forked.
    app.config.HistoryManager.enabled = False
    app.has_run_page = True
    # As ipykernel does before any cell is run.
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    libraries.show_pictures()
    # What IPythonKernel gives it, but for the kernel itself.
    return ZMQInteractiveShell.instance(
        parent=app, profile_dir=app.profile_dir, user_ns={}, compiler_class=XCachingCompiler
    )


def _outputs(captured: Any) -> list[Output]:
    found: list[Output] = []
    for name, text in (("stdout", captured.stdout), ("stderr", captured.stderr)):
        if text:
            found.append({"output_type": "stream", "name": name, "text": text})
    for output in captured.outputs:
        found.append({"output_type": "display_data", "data": output.data, "metadata": output.metadata or {}})
    return found
