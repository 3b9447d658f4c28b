"""Loading nbformat and nbgrader without what marking never uses, for which most of their time would go.

Call these before anything imports them.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

#: What only JupyterLab's pages, the exchange of files and JupyterHub need.
_OF_NBGRADER = (
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.course_list",
    "nbgrader.server_extensions.formgrader",
    "nbgrader.server_extensions.validate_assignment",
    "nbgrader.auth.jupyterhub",
    "setuptools.archive_util",
)


class _LeftOut(ModuleType):
    """Stands in the place of a module: it has any name that somebody imports, and nothing behind it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def lean_nbformat() -> None:
    """Before nbformat: its check of notebooks would compile the grammar of web addresses, for several seconds."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def lean_nbgrader() -> None:
    """Before nbgrader, in a process that does nothing but mark."""
    lean_nbformat()
    for name in _OF_NBGRADER:
        sys.modules.setdefault(name, _LeftOut(name))
