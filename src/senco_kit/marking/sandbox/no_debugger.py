"""Imported first in the template of the kernels that mark: they need no debugger, and start sooner without."""

import sys

# ipykernel takes this for a Python where its debugger is not installed.
sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
