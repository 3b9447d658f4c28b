"""Which pages there are: one for each notebook in the served folder, with its address, title and place in the menu."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HOME = "home"
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One notebook that can be opened in the browser."""

    name: str
    title: str
    #: Place in the menu, lowest first; None keeps the page out of it.
    menu_place: int | None
    #: Whether its cells may be run before a visitor comes, and what they showed be shown to all: "prepared": false in
    #: the notebook's own settings is for a page that shows, beside the kit's forms, what differs from visit to visit.
    prepared: bool = True

    @property
    def address(self) -> str:
        """The path under which the page is opened."""
        return "/" if self.name == HOME else f"/{self.name}"

    @property
    def notebook(self) -> str:
        """The file name in the served folder."""
        return f"{self.name}.ipynb"


def pages(folder: Path) -> dict[str, Page]:
    """All pages of a folder by name; sub-folders and files with other names are not served."""
    found = {}
    for file in sorted(folder.glob("*.ipynb")):
        if _ADDRESS.fullmatch(file.stem) and file.is_file():
            facts = file.stat()
            found[file.stem] = _read(file, facts.st_mtime_ns, facts.st_size)
    return found


def menu(folder: Path) -> list[Page]:
    """The pages of the menu in their order."""
    chosen = [page for page in pages(folder).values() if page.menu_place is not None]
    return sorted(chosen, key=lambda page: (page.menu_place or 0, page.name))


@lru_cache(maxsize=500)
def _read(file: Path, _changed: int, _size: int) -> Page:
    """The page a notebook file makes; time and size only tell the cache when the file is another one."""
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
        told = notebook.get("metadata", {}).get("senco", {})
        title = str(told.get("title", "")).strip() or _first_heading(notebook)
        place = told.get("nav")
        prepared = told.get("prepared") is not False
    except (OSError, ValueError, AttributeError, TypeError):
        # A damaged notebook keeps its address: opening it then says that it cannot be shown.
        title, place, prepared = "", None, False
    return Page(file.stem, title or _spoken(file.stem), place if isinstance(place, int) else None, prepared)


def code_cells(folder: Path, page: Page) -> list[str]:
    """The source of each code cell of a page."""
    notebook = json.loads((folder / page.notebook).read_text(encoding="utf-8"))
    return [_source(cell) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _first_heading(notebook: dict[str, Any]) -> str:
    for cell in notebook.get("cells", []):
        if cell.get("cell_type") == "markdown":
            heading = _HEADING.search(_source(cell))
            if heading:
                return heading[1]
    return ""


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _spoken(stem: str) -> str:
    return stem.replace("-", " ").replace("_", " ").strip().capitalize()
