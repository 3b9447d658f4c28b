"""`standards/` and `audit/` import with the standard library and a YAML reader alone (design.md, section 2)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import senco_kit

# Stands before every other finder and refuses all but the standard library, yaml and the rooms of the kit that need no
# more, so that a way round through another room is seen as well.
PROGRAM = """
import importlib, pkgutil, sys

class OnlyStandardLibraryAndYaml:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in ("yaml", "_yaml"):
            return None
        rooms = ("senco_kit.standards", "senco_kit.audit", "senco_kit.places", "senco_kit.plain_text")
        if name == "senco_kit" or any(name == room or name.startswith(room + ".") for room in rooms):
            return None
        raise ImportError(f"{name} is not for standards/ or audit/")

sys.meta_path.insert(0, OnlyStandardLibraryAndYaml())
for room in ("senco_kit.standards", "senco_kit.audit"):
    for module in pkgutil.iter_modules(importlib.import_module(room).__path__, room + "."):
        importlib.import_module(module.name)
        print(module.name)

from senco_kit.standards import read
print(len(read.frameworks()), len(read.facts()), len(read.levels()), len(read.crosswalk()))
"""


def imported(program: str, source: Path) -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.path.insert(0, {str(source)!r})\n{program}"
    return subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)


def test_standards_and_audit_need_only_the_standard_library_and_yaml() -> None:
    result = imported(PROGRAM, Path(senco_kit.__file__).parents[1])
    assert result.returncode == 0, result.stderr
    names = result.stdout.split()
    assert {"senco_kit.standards.model", "senco_kit.standards.read", "senco_kit.audit.model"} < set(names)


def test_the_test_above_would_see_another_library() -> None:
    result = imported(PROGRAM + "\nimport pydantic\n", Path(senco_kit.__file__).parents[1])
    assert "pydantic is not for standards/ or audit/" in result.stderr
