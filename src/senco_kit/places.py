"""Where things are: the kit's own folders, and the folder that holds a person's work."""

from __future__ import annotations

import os
from pathlib import Path

#: The folder that holds README.md, audit/, notebooks/ and the other top-level rooms.
KIT = Path(__file__).resolve().parents[2]

FRAMEWORKS = KIT / "audit" / "frameworks"
CROSSWALK = KIT / "audit" / "crosswalk.csv"
LEVELS = KIT / "audit" / "levels.yml"
FACTS = KIT / "audit" / "facts.yml"
NOTEBOOKS = KIT / "notebooks"
MODULES = KIT / "modules"


class FolderProblem(Exception):
    """The folder for the work cannot be told; its text is one sentence for the reader."""


def work_folder() -> Path:
    """The folder that holds the person's own work; not made here.

    `SENCO_HOME` names another place; otherwise it is the user's data folder of the operating system.
    Raises FolderProblem when `SENCO_HOME` names a home folder or a chain of links that leads nowhere.
    """
    chosen = os.environ.get("SENCO_HOME", "").strip()
    if chosen:
        try:
            return Path(chosen).expanduser().resolve()
        except (OSError, RuntimeError) as problem:
            raise FolderProblem(
                f"SENCO_HOME names {chosen}, which cannot be found: change it or remove it, then start the kit again."
            ) from problem
    # Imported here because standards/ and audit/ must load with the standard library and a YAML reader alone.
    import platformdirs

    return Path(platformdirs.user_data_dir("senco-course-kit", appauthor=False))
