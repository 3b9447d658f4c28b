"""Submissions that were damaged, or made to do harm: each with what should become of it.

Each takes the cohort's folder, the learner, and an honest submission already in place, and changes it there: so they
come the way nbgrader's own commands bring them, past the checks of `senco cohort collect`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MARKED = "marked"

#: What a cell of a submission tries, in Python. {host} is a folder of the marker's computer.
CODE: Mapping[str, str] = {
    "reads source/": "import glob\nfor name in glob.glob('../../../source/*/*') or glob.glob('{host}/../c/*/*/*'):\n"
    "    print(open(name).read())",
    "reads another learner": "import glob\nfor name in glob.glob('{host}/../c/submitted/*/*/answers.json'):\n"
    "    print(open(name).read())",
    "writes the gradebook": "import sqlite3\nbook = sqlite3.connect('{host}/../c/gradebook.db')\n"
    "book.execute('update grade set manual_score = 99')\nbook.commit()",
    "opens a socket": "import socket\nsocket.create_connection(('192.0.2.1', 80), 2)",
    "fork bomb": "import os\nwhile True:\n    os.fork()",
    "8 GB of memory": "x = b'1' * (8 * 1024**3)",
    "endless loop": "while True:\n    pass",
    "1 GB of output": "for _ in range(1000):\n    print('x' * 1_000_000)",
    "spies on the environment": "import os; open('{host}/spied', 'w').write(str(dict(os.environ)))",
    "kills its parent": "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
    "writes into the host's /tmp": "open('{host}/written', 'w').write('x')",
    "marks itself": "import senco_kit.marking.in_notebook as i\ni.mark = lambda key: 99.0\nimport os; os._exit(0)",
}

Change = Callable[[Path, Path], None]


def with_code(source: str) -> Change:
    """Puts a cell in front and changes every other cell too: all of it would run under plain nbgrader."""

    def change(folder: Path, host: Path) -> None:
        notebook = _read(folder)
        bad = {"cell_type": "code", "id": "bad", "metadata": {}, "outputs": [], "execution_count": None}
        notebook["cells"].insert(0, bad | {"source": source.replace("{host}", str(host))})
        _write(folder, notebook)

    return change


def _path(folder: Path) -> Path:
    return folder / f"{folder.name}.ipynb"


def _read(folder: Path) -> dict[str, Any]:
    return dict(json.loads(_path(folder).read_text()))


def _write(folder: Path, notebook: object) -> None:
    _path(folder).write_text(json.dumps(notebook))


def _cells(change: Callable[[list[Any]], list[Any]]) -> Change:
    def changed(folder: Path, host: Path) -> None:
        notebook = _read(folder)
        notebook["cells"] = change(notebook["cells"])
        _write(folder, notebook)

    return changed


def _split(cells: list[Any]) -> list[Any]:
    return [
        {**cell, "id": f"{cell['id']}-{half}", "source": "".join(cell["source"])[half::2]}
        for cell in cells
        for half in (0, 1)
    ]


def _retyped(cells: list[Any]) -> list[Any]:
    return [
        {"cell_type": "raw", "id": cell["id"], "metadata": cell["metadata"], "source": cell["source"]} for cell in cells
    ]


def _worth_more(cells: list[Any]) -> list[Any]:
    for cell in cells:
        cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "grade": True, "solution": True}
    return cells


def _wrong_kernel(folder: Path, host: Path) -> None:
    notebook = _read(folder)
    notebook["metadata"]["kernelspec"] = {"name": "no-such-kernel", "display_name": "None", "language": "cobol"}
    _write(folder, notebook)


def _renamed(folder: Path, host: Path) -> None:
    _path(folder).rename(folder / "Copy of my work (1).ipynb")


def _deep_notebook(folder: Path, host: Path) -> None:
    _path(folder).write_text('{"cells":' + "[" * 100_000 + "]" * 100_000 + ',"nbformat":4,"nbformat_minor":5}')


def _modules_beside(folder: Path, host: Path) -> None:
    """Python would import these in place of its own, before any cell runs."""
    bad = f"open({str(host / 'imported')!r}, 'w').write('x')\n"
    for name in ("json.py", "IPython.py", "sitecustomize.py", "usercustomize.py", "html.py"):
        (folder / name).write_text(bad)
    (folder / "senco_kit").mkdir()
    (folder / "senco_kit" / "__init__.py").write_text(bad)


def _link_to_the_key(folder: Path, host: Path) -> None:
    _path(folder).unlink()
    _path(folder).symlink_to(folder.parents[2] / "source" / folder.name / _path(folder).name)


def _folder_of_links(folder: Path, host: Path) -> None:
    for name in ("gradebook.db", "source", "autograded"):
        (folder / f"my-{name}").symlink_to(folder.parents[2] / name)


def _own_questions(folder: Path, host: Path) -> None:
    (folder / "questions.json").write_text('{"questions": []}')


def _large_file(folder: Path, host: Path) -> None:
    with (folder / "film.mp4").open("wb") as file:
        file.truncate(2_000_000_000)


def _answers(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "answers.json").read_text()))


def _put(folder: Path, plain: object) -> None:
    (folder / "answers.json").write_text(json.dumps(plain))


def _about(**changed: object) -> Change:
    return lambda folder, host: _put(folder, _answers(folder) | changed)


def _as_bytes(data: bytes) -> Change:
    def change(folder: Path, host: Path) -> None:
        (folder / "answers.json").write_bytes(data)

    return change


def _huge_answers(folder: Path, host: Path) -> None:
    with (folder / "answers.json").open("wb") as file:
        file.truncate(100_000_000)


def _linked_answers(folder: Path, host: Path) -> None:
    (folder / "answers.json").unlink()
    (folder / "answers.json").symlink_to(folder.parents[1] / "L01" / folder.name / "answers.json")


def _pipe(folder: Path, host: Path) -> None:
    (folder / "answers.json").unlink()
    os.mkfifo(folder / "answers.json")


def _answers_folder(folder: Path, host: Path) -> None:
    (folder / "answers.json").unlink()
    (folder / "answers.json").mkdir()


def _linked_folder(folder: Path, host: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder.parents[1] / "L01" / folder.name)


def _hostile_text(folder: Path, host: Path) -> None:
    plain = _answers(folder)
    plain["answers"]["write"] = (
        "<script>alert(1)</script>\n\n# Heading\n\n```\n</pre><img src=x onerror=alert(2)>\n=1+1"
    )
    _put(folder, plain)


#: What was handed in, how, and what becomes of it: "marked" (with the honest marks), or words of the reason why not.
KINDS: Mapping[str, tuple[Change, str]] = {
    **{name: (with_code(source), MARKED) for name, source in CODE.items()},
    "all cells deleted": (_cells(lambda cells: []), MARKED),
    "test cells deleted": (_cells(lambda cells: [cell for cell in cells if cell["cell_type"] != "code"]), MARKED),
    "cells duplicated": (_cells(lambda cells: cells + cells), MARKED),
    "cells split": (_cells(_split), MARKED),
    "cells retyped": (_cells(_retyped), MARKED),
    "cells in another order": (_cells(lambda cells: cells[::-1]), MARKED),
    "marks and locks changed": (_cells(_worth_more), MARKED),
    "wrong kernel": (_wrong_kernel, MARKED),
    "notebook renamed": (_renamed, MARKED),
    "no notebook": (lambda folder, host: _path(folder).unlink(), MARKED),
    "notebook cut off": (lambda folder, host: _path(folder).write_text('{"cells": [{"cell_type'), MARKED),
    "notebook nested 100,000 deep": (_deep_notebook, MARKED),
    "Python modules beside the notebook": (_modules_beside, MARKED),
    "notebook is a link to source/": (_link_to_the_key, MARKED),
    "links out of the folder": (_folder_of_links, MARKED),
    "questions of its own": (_own_questions, MARKED),
    "a file of 2 GB beside it": (_large_file, MARKED),
    "HTML and Markdown in an answer": (_hostile_text, MARKED),
    "no answers.json": (lambda folder, host: (folder / "answers.json").unlink(), "no answers.json"),
    "malformed answers.json": (_as_bytes(b'{"format": "senco-answers", '), "damaged"),
    "answers.json is not text": (_as_bytes(b"\xff\xfe\x00\x01"), "damaged"),
    "answers.json of 100 MB": (_huge_answers, "larger than"),
    "answers.json nested 100,000 deep": (_as_bytes(b"[" * 100_000 + b"]" * 100_000), "nested too deeply"),
    "answers are numbers and lists of lists": (_about(answers={"count": 5, "tick": [["one"]]}), "no answer"),
    "answers of another learner": (_about(learner="L01"), "answers of L01"),
    "answers to another assignment": (_about(assignment="2-other"), "another assignment"),
    "answers of another cohort": (_about(cohort="last-year", school="exercise-primary-420-1"), "another cohort"),
    "answers.json is a link to another learner's": (_linked_answers, "a link"),
    "answers.json is a pipe": (_pipe, "plain file"),
    "answers.json is a folder": (_answers_folder, "plain file"),
    "the whole folder is a link": (_linked_folder, "not a folder"),
}
