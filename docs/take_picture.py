"""Makes the picture of the self-audit in README.md: an invented SENCO's answers on the real page, in a real browser.

.venv/bin/python docs/take_picture.py
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "src")]

from senco_kit.standards import read  # noqa: E402
from senco_kit.standards.model import SPINE  # noqa: E402
from senco_kit.store import open_store  # noqa: E402
from serving_fixture import CHROMIUM_ARGUMENTS, KitServer  # noqa: E402

STANDINGS = ["3", "2", "3", "1", "2", "3", "1", "4", "2", "2", "3", "unsure", "2", "3", "1", "2", "unsure", "3", "4"]


def main() -> None:
    """Answer all items, open the results, take the picture."""
    home = Path(tempfile.mkdtemp())
    kit = KitServer()
    address = kit.start(home)
    try:
        store = open_store(home / "work")
        audit = store.create_audit("Example audit", SPINE)
        for outcome, standing in zip(read.framework(SPINE).outcomes(), STANDINGS, strict=True):
            store.save_rating(audit.id, outcome.id, "standing", standing)
        with sync_playwright() as playwright:
            chosen = os.environ.get("SENCO_CHROMIUM") or None
            browser = playwright.chromium.launch(executable_path=chosen, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1180, "height": 1130})
            page.goto(f"{address}self-audit#/{audit.id}/results")
            page.wait_for_selector("h3:has-text('Strengths')")
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=HERE / "self-audit.png")
            browser.close()
    finally:
        kit.stop()


if __name__ == "__main__":
    main()
