"""How much memory the kernel of a page takes, and how long the page takes to open: a real server, a real browser.

    python bench/kernel_memory.py                  the home page
    python bench/kernel_memory.py / /self-audit    these pages, each with a kernel of its own
    python bench/kernel_memory.py --notebooks FOLDER /    pages of another folder

For each page: seconds until its words are read, until its widgets can be used, and the kernel's unique set size (what
would be free again if the kernel ended; on Linux the private lines of /proc/PID/smaps_rollup) in MiB (1,048,576 bytes).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from serving_fixture import CHROMIUM, CHROMIUM_ARGUMENTS, KitServer, processes_below, until

MIB = 1024 * 1024


def measure(server: KitServer, browser: Browser, path: str) -> str:
    """Open one page in a fresh browser store and describe its kernel in one line."""
    context = browser.new_context()
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(server.url.rstrip("/") + path, wait_until="commit")
    page.wait_for_selector("h1, html[data-page-ready]", timeout=120_000)
    words = time.perf_counter() - begun
    page.wait_for_selector("html[data-page-ready]", timeout=120_000, state="attached")
    ready = time.perf_counter() - begun
    kernels = processes_below(server.pid)
    unique = psutil.Process(kernels[0]).memory_full_info().uss / MIB if len(kernels) == 1 else float("nan")
    context.close()
    until(lambda: not processes_below(server.pid), 30, "the end of the page's kernel")
    return f"{path:<24}{words:>10.2f}{ready:>12.2f}{unique:>12.1f}"


def main() -> None:
    """Measure the pages that are named on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", nargs="*", default=["/"])
    parser.add_argument("--notebooks", type=Path, help="a folder of pages; without it the kit's own")
    chosen = parser.parse_args()
    server = KitServer()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        begun = time.perf_counter()
        server.start(Path(home), chosen.notebooks, {"SENCO_CULL_SECONDS": "5"})
        print(f"server open after {time.perf_counter() - begun:.2f} s")
        print(f"{'page':<24}{'words, s':>10}{'usable, s':>12}{'kernel, MiB':>12}")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            for path in chosen.pages:
                print(measure(server, browser, path), flush=True)
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
