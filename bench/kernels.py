"""Kernels that are forked, beside kernels that are started the stock way: how long they take, and what they leave.

    python bench/kernels.py                        10 of each kind, then 500 forked in a row and 40 at a time
    python bench/kernels.py --stock 3 --many 60    fewer
    python bench/kernels.py --json FILE            the figures, in a file too

Each kernel is started, answers, runs a cell that imports pandas and makes a table, and is shut down politely. Both
kinds take turns. Those in a row and 40 at a time only answer. What is left is looked for at the end: processes, folders
of sockets, connection files, sockets of ours, open files of this process; and how much memory the template has (its
proportional set size, in MiB) at the beginning, in the middle, after the row and at the end. Linux alone.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zmq.asyncio
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from senco_kit.kernels import settings, templates
from senco_kit.kernels.forked_process import ForkedProcess
from senco_kit.kernels.provisioner import ForkProvisioner
from senco_kit.kernels.settings import SOCKETS

CELL = "import pandas as pd; pd.DataFrame({'a': [1, 2]})"
STEPS = ("answers", "first table", "ended")


async def one(kind: type[LocalProvisioner], context: Any, cell: str = CELL) -> dict[str, float]:
    """Seconds of each step in the life of one kernel."""
    manager = AsyncKernelManager(kernel_name="python3", context=context)
    manager.provisioner = kind(kernel_id="", kernel_spec=manager.kernel_spec, parent=manager)
    times = [time.perf_counter()]
    await manager.start_kernel(stderr=-3)
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready(timeout=120)
    times.append(time.perf_counter())
    is_forked = isinstance(manager.provisioner.process, ForkedProcess)
    if is_forked != (kind is ForkProvisioner):
        raise SystemExit("A kernel was not started as it should be: set SENCO_FORK to always or leave it unset.")
    if cell:
        reply = await client.execute(cell, reply=True, timeout=120)
        assert reply["content"]["status"] == "ok"
    times.append(time.perf_counter())
    client.stop_channels()
    await manager.shutdown_kernel()
    times.append(time.perf_counter())
    return dict(zip(STEPS, [after - before for before, after in itertools.pairwise(times)], strict=True))


async def side_by_side(number: int, context: Any) -> dict[str, dict[str, float]]:
    """The median of each step, for both kinds."""
    kinds = {"forked": ForkProvisioner, "stock": LocalProvisioner}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in kinds}
    for _ in range(number):
        for name, kind in kinds.items():
            found[name].append(await one(kind, context))
    return {
        name: {step: statistics.median(each[step] for each in all_) for step in STEPS} for name, all_ in found.items()
    }


def left() -> dict[str, int]:
    """How much there is of all that a kernel has."""
    template = templates.OURS.make(os.environ)
    assert template is not None
    children = Path(f"/proc/{template.process}/task/{template.process}/children").read_text().split()
    folders = list(Path(tempfile.gettempdir()).glob(f"{SOCKETS}*"))
    return {
        "forked processes": len(children),
        "folders of sockets": len(folders),
        "connection files": len(list(Path(tempfile.gettempdir()).rglob("*.json"))),
        "named sockets": Path("/proc/net/unix").read_text().count(f"{tempfile.gettempdir()}/{SOCKETS}"),
        "open files here": len(list(Path("/proc/self/fd").iterdir())),
        "open files of the template": len(list(Path(f"/proc/{template.process}/fd").iterdir())),
    }


def memory() -> float:
    """Proportional set size of the template, in MiB."""
    template = templates.OURS.make(os.environ)
    assert template is not None
    lines = Path(f"/proc/{template.process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def many(number: int, at_once: int, context: Any) -> dict[str, Any]:
    """So many in a row, then so many together; what is left of them, and the template's memory in between."""
    before, memories, seconds = left(), [memory()], []
    for each in range(number):
        seconds.append(sum((await one(ForkProvisioner, context, "")).values()))
        if each + 1 in (number // 2, number):
            memories.append(memory())
            print(f"  {each + 1} in a row: template {memories[-1]:.1f} MiB", flush=True)
    begun = time.perf_counter()
    await asyncio.gather(*(one(ForkProvisioner, context, "") for _ in range(at_once)))
    together = time.perf_counter() - begun
    await asyncio.sleep(0.5)
    return {
        "in a row": number,
        "at once": at_once,
        "seconds each, first ten": statistics.median(seconds[:10]),
        "seconds each, last ten": statistics.median(seconds[-10:]),
        "seconds for those at once": together,
        "template, MiB": [*memories, memory()],
        "left before": before,
        "left after": left(),
    }


async def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """All that is asked for."""
    context = zmq.asyncio.Context()
    try:
        compared = await side_by_side(asked.stock, context)
        print(f"{'seconds, median of ' + str(asked.stock):<24}" + "".join(f"{step:>14}" for step in STEPS))
        for name, steps in compared.items():
            print(f"{name:<24}" + "".join(f"{steps[step]:>14.3f}" for step in STEPS), flush=True)
        ratios = {step: compared["stock"][step] / compared["forked"][step] for step in STEPS}
        print(f"{'times as fast':<24}" + "".join(f"{ratios[step]:>14.1f}" for step in STEPS), flush=True)
        return {
            "side by side": compared,
            "times as fast": ratios,
            "many": await many(asked.many, asked.at_once, context),
        }
    finally:
        context.destroy(linger=0)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stock", type=int, default=10, help="kernels of each kind that are compared")
    parser.add_argument("--many", type=int, default=500, help="forked kernels in a row")
    parser.add_argument("--at-once", type=int, default=40, help="forked kernels at once")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args()
    if not sys.platform.startswith("linux"):
        raise SystemExit("Kernels are forked on Linux alone: there is nothing to compare here.")
    os.environ["SENCO_FORK"] = "always"
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        # A folder of its own for what kernels leave: in that of the system there is more than that of these.
        os.environ["TMPDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = tempfile.tempdir = folder
        # One template from the first to the last, whatever is edited meanwhile: its memory is watched.
        settings.stamp = lambda *more: ()
        if templates.OURS.make(os.environ) is None:
            raise SystemExit("The template could not be made: the line above says why.")
        figures = asyncio.run(measure(asked))
        templates.OURS.close()
    for name, value in figures["many"].items():
        print(f"{name:<28}{value}")
    leaked = {name: figures["many"]["left after"][name] - was for name, was in figures["many"]["left before"].items()}
    print(f"{'left over':<28}{leaked}")
    if asked.json:
        asked.json.write_text(json.dumps(figures | {"left over": leaked}, indent=2) + "\n")


if __name__ == "__main__":
    main()
