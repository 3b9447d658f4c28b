"""What stands around every page: names, menu and the kit's own look, for the pages with a kernel and the plain ones."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import jinja2

from senco_kit import __version__
from senco_kit.places import KIT, work_folder
from senco_kit.serving import site

KIT_NAME = "SENCO Course Kit"
#: What our template writes last: a page that holds it was written to its end.
PAGE_END = "<!-- end of page -->"

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "share" / "voila" / "templates" / "senco"
#: The kit's own look and life: style sheets and scripts, by the name in their address.
LOOK = {
    "screen.css": _HERE.parent / "forms" / "screen.css",
    "screen.js": _HERE.parent / "forms" / "screen.js",
    "connect.js": _HERE / "static" / "connect.js",
    "frame.css": _HERE / "static" / "frame.css",
    "frame.js": _HERE / "static" / "frame.js",
    "wait.js": _HERE / "static" / "wait.js",
}
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)


def look_address(name: str) -> str | None:
    """The address of one of the kit's own look files with its fingerprint; None when there is no such file."""
    file = LOOK[name]
    if not file.is_file():
        return None
    return f"/kit/{name}?v={hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"


def plain_page(folder: Path, heading: str, sentences: list[str], again: int | None, address: str, shared: bool) -> str:
    """A page that needs no kernel and no script; with `again`, one that is loaded anew after so many seconds."""
    around = frame(folder, None, heading, shared)
    template = _templates.get_template("plain.html.j2")
    return template.render(frame=around, heading=heading, sentences=sentences, again=again, address=address)


def frame(folder: Path, present: str | None, title: str, shared: bool) -> dict[str, Any]:
    """What every page of the kit shows around its own content; `shared` when other computers can reach the kit."""
    return {
        "kit": KIT_NAME,
        "version": __version__,
        "title": title,
        "present": present,
        "shared": shared,
        "menu": site.menu(folder),
        "look": {name.partition(".")[0] + "_" + name.partition(".")[2]: look_address(name) for name in LOOK},
    }


def kit_fingerprint() -> str:
    """Names this kit with this person's work, so that another person's kit on the same computer is not taken for it."""
    return hashlib.sha256(f"{KIT}\n{work_folder()}".encode()).hexdigest()[:16]


#: What a page says when its own part failed.
PAGE_FAILED = (
    "Something went wrong in the kit. Work that was saved is still there. "
    "Load the page again; if it still fails, stop the kit and start it again."
)
