"""Several processes at one store: nobody's answer is lost, not even when one of them is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from senco_kit.store import Store, database, open_store, prepare

OUTCOMES = [f"A{number}" for number in range(1, 20)]

ONE_START = """
import json, pathlib, sys
from senco_kit.store import prepare
print(prepare(pathlib.Path(json.loads(sys.argv[1]))))
"""

# Saves one field of every outcome, several times over, from the moment that the file "go" is there.
ONE_TAB = """
import json, pathlib, sys, time
from senco_kit.store import open_store
folder, audit, field, values, outcomes = (json.loads(word) for word in sys.argv[1:])
store = open_store(pathlib.Path(folder))
print("ready", flush=True)
while not pathlib.Path(folder, "go").exists():
    time.sleep(0.001)
for value in values:
    for outcome in outcomes:
        store.save_rating(audit, outcome, field, value)
"""

# Twenty times: a child saves answer after answer and tells of each that was saved; it is killed in the middle.
KILLED = """
import json, os, pathlib, random, signal, sys, time
from senco_kit.store import open_store
folder = pathlib.Path(sys.argv[1])
chance = random.Random(20)
told = {}
for _ in range(20):
    audit = open_store(folder).create_audit("Autumn", "national-award-2009").id
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        store, number = open_store(folder), 0
        while True:
            number += 1
            store.save_rating(audit, f"A{number % 19}", "note", f"{number} " + "x" * chance.choice([1, 500, 9000]))
            os.write(writer, f"A{number % 19} {number}\\n".encode())
    os.close(writer)
    with os.fdopen(reader) as lines:
        heard = [next(lines) for _ in range(chance.randrange(40))]
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told[audit] = [line.split() for line in (*heard, *lines)]
print(json.dumps(told))
"""


# Two tabs of one plan, each killed in the middle: one saves the fields of an objective, the other adds reviews of it.
KILLED_PLAN = """
import json, os, pathlib, random, signal, sys, time
from senco_kit.store import open_store
folder, cycle, objective = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
chance = random.Random(21)
told = {"save": [], "review": []}
for _ in range(10):
    tabs = []
    for what in told:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            cycles, number = open_store(folder).cycles, len(told[what])
            while True:
                if what == "save":
                    cycles.save(cycle, objective, f"answers/{number}", "yes")
                else:
                    cycles.add_review(cycle, objective, {"what_changed": f"review {number}"})
                os.write(writer, f"{number}\\n".encode())
                number += 1
        os.close(writer)
        tabs.append((what, child, os.fdopen(reader)))
    for what, child, lines in tabs:
        told[what] += [int(next(lines)) for _ in range(chance.randrange(3, 9))]
    time.sleep(chance.random() * 0.02)
    for what, child, lines in tabs:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told[what] += [int(line) for line in lines]
        lines.close()
print(json.dumps(told))
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    assert prepare(tmp_path) is None
    return open_store(tmp_path)


def _start(code: str, *words: object) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-W", "error", "-c", code, *(json.dumps(word) for word in words)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_answering_at_once_both_keep_everything(store: Store) -> None:
    folder = store.file.parent
    audit = store.create_audit("Autumn", "national-award-2009")
    tabs = [
        _start(ONE_TAB, str(folder), audit.id, "standing", ["1", "unsure", "4"], OUTCOMES),
        _start(ONE_TAB, str(folder), audit.id, "note", ["first", "second", "third"], OUTCOMES),
    ]
    for tab in tabs:
        assert tab.stdout is not None
        assert tab.stdout.readline() == "ready\n"
    (folder / "go").touch()
    for tab in tabs:
        _, errors = tab.communicate(timeout=60)
        assert (tab.returncode, errors) == (0, "")
    ratings = store.audit(audit.id).ratings
    assert {(key, rating.level, rating.unsure, rating.note) for key, rating in ratings.items()} == {
        (outcome, 4, False, "third") for outcome in OUTCOMES
    }


def test_several_processes_may_make_the_store_ready_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    starts = [_start(ONE_START, str(folder)) for _ in range(2)]
    assert [start.communicate(timeout=60) for start in starts] == [("None\n", "")] * 2
    assert open_store(folder).audits() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork and kill")
def test_every_answer_that_was_said_to_be_saved_survives_the_kill(store: Store) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(store.file.parent)], capture_output=True, text=True, timeout=120, check=True
    )
    told = json.loads(done.stdout)
    assert len(told) == 20
    assert sum(len(answers) for answers in told.values()) > 100
    assert prepare(store.file.parent) is None
    for audit_id, answers in told.items():
        kept = store.audit(audit_id).ratings
        for outcome, number in dict(answers).items():
            # The answer after the last one that was told may be there too: the kill came between the two.
            assert int(kept[outcome].note.split()[0]) >= int(number)
    with closing(database.connect(store.file, "ro")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that can fork and kill")
def test_a_plan_in_two_tabs_that_are_killed_keeps_every_answer_and_review(store: Store) -> None:
    cycle = store.cycles.create("2026 to 2027").id
    objective = store.cycles.add(cycle, "objective", {"what": "Close the gap."})
    command = [sys.executable, "-c", KILLED_PLAN, str(store.file.parent), cycle, objective]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = json.loads(done.stdout)
    assert all(len(numbers) > 20 for numbers in told.values())
    assert prepare(store.file.parent) is None
    kept = store.cycles.one(cycle)
    assert {str(number) for number in told["save"]} <= set(kept.records[0].ticks("answers"))
    said = [review.text("what_changed") for review in kept.reviews]
    assert {f"review {number}" for number in told["review"]} <= set(said)
    # The history holds, review by review, no less than the plan held before.
    held = [len(review.as_it_was[objective]) for review in kept.reviews]
    assert held == sorted(held)
    assert held[-1] > held[0]
