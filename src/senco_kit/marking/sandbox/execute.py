"""nbgrader's step that runs a notebook, in the sandbox."""

from __future__ import annotations

from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbgrader.preprocessors import Execute

from senco_kit.marking.problems import NotMarkable
from senco_kit.marking.sandbox.kernel import SandboxedKernelManager


class SandboxedExecute(Execute):  # type: ignore[misc]
    """Runs the cells in a sandboxed kernel. Raises NotMarkable when the sandbox had to be ended."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(
            *given, **named | {"kernel_manager_class": SandboxedKernelManager, "shutdown_kernel": "immediate"}
        )

    def create_kernel_manager(self) -> Any:
        """A new sandbox for each notebook."""
        self._sandbox: Any = super().create_kernel_manager()
        return self._sandbox

    def preprocess(self, nb: Any, resources: Any, km: Any = None) -> Any:
        """Run the notebook; when the sandbox ended it, say why."""
        self._sandbox = None
        try:
            done = super().preprocess(nb, resources, km=km)
        except (DeadKernelError, CellTimeoutError, RuntimeError) as problem:
            why = self._why() or "what was handed in ended, or blocked, the program that marks"
            raise NotMarkable(f"Marking was stopped: {why}.") from problem
        if self._why():
            raise NotMarkable(f"Marking was stopped: {self._why()}.")
        return done

    def _why(self) -> str:
        return self._sandbox.why_it_ended if self._sandbox else ""
