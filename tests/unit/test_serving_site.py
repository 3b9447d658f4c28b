from __future__ import annotations

import json
import sys
from pathlib import Path

from senco_kit.serving import site

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from serving_fixture import write_page


def test_pages_are_the_notebooks_of_the_folder(tmp_path: Path) -> None:
    write_page(tmp_path, "home", "Welcome", "", {"title": "Home", "nav": 1})
    write_page(tmp_path, "self-audit", "Audit yourself", "", {"nav": 2})
    write_page(tmp_path, "patterns", "Patterns", "")
    write_page(tmp_path / "below", "hidden", "Hidden", "")
    write_page(tmp_path, ".secret", "Secret", "")
    write_page(tmp_path, "two words", "Two", "")
    assert set(site.pages(tmp_path)) == {"home", "self-audit", "patterns"}
    assert [(page.title, page.address) for page in site.menu(tmp_path)] == [
        ("Home", "/"),
        ("Audit yourself", "/self-audit"),
    ]


def test_a_changed_notebook_changes_its_page(tmp_path: Path) -> None:
    write_page(tmp_path, "home", "Before", "")
    assert site.pages(tmp_path)["home"].title == "Before"
    write_page(tmp_path, "home", "Afterwards", "")
    assert site.pages(tmp_path)["home"].title == "Afterwards"


def test_a_damaged_notebook_keeps_its_address(tmp_path: Path) -> None:
    for name, text in {"one-thing": "{", "two": "[]", "three": json.dumps({"cells": 3}), "four": "\x00\xff"}.items():
        (tmp_path / f"{name}.ipynb").write_text(text, encoding="latin-1")
    found = site.pages(tmp_path)
    assert set(found) == {"one-thing", "two", "three", "four"}
    assert found["one-thing"].title == "One thing"
    assert site.menu(tmp_path) == []
