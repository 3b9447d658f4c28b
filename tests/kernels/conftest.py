"""Kernels for the tests here: forked from one template, which is made once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from senco_kit.kernels import settings, templates
from senco_kit.kernels.provisioner import ForkProvisioner

sys.path.insert(0, str(Path(__file__).parent))

from real_kernel import Kernel

pytestmark = pytest.mark.skipif(not settings.can_fork(), reason="kernels are forked on Linux alone")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytestmark)


@pytest.fixture(scope="session", autouse=True)
def _always_forked() -> Iterator[None]:
    before = os.environ.get("SENCO_FORK")
    os.environ["SENCO_FORK"] = "always"
    yield
    templates.OURS.close()
    os.environ.pop("SENCO_FORK") if before is None else os.environ.update(SENCO_FORK=before)


@pytest.fixture
def start() -> Iterator[Callable[..., Kernel]]:
    """Starts kernels, and ends them after the test."""
    started: list[Kernel] = []

    def new(kind: type[LocalProvisioner] = ForkProvisioner, **asked: Any) -> Kernel:
        started.append(Kernel(kind, **asked))
        return started[-1]

    yield new
    for kernel in started:
        kernel.end()


@pytest.fixture
def forked(start: Callable[..., Kernel]) -> Kernel:
    kernel = start()
    assert kernel.is_forked
    return kernel


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Kernel, Kernel]]:
    """A kernel that was started the normal way, and a forked one, in the same folder with the same environment."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "beside.py").write_text("def twice(number):\n    return 2 * number\n")
    asked: dict[str, Any] = {"cwd": str(folder), "env": os.environ | {"OWN_VARIABLE": "ä ö", "TZ": "Asia/Tokyo"}}
    normal, forked = Kernel(LocalProvisioner, **asked), Kernel(ForkProvisioner, **asked)
    assert (normal.is_forked, forked.is_forked) == (False, True)
    yield normal, forked
    normal.end()
    forked.end()
