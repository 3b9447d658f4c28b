"""The server and its kernels are killed at random moments while answers are given.

What had shown "Saved" is in the store; what had not is in the browser and is saved after the restart. More kills than
the few of every run: `pytest tests/browser/test_saving_kills.py --kills 50`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from answering import (
    kept,
    kill_all,
    kit_to_kill,
    new_audit,
    open_tab,
    outbox,
    ready,
    start_again,
)
from playwright.sync_api import Browser, Page

from senco_kit.audit.model import SelfAudit
from serving_fixture import KitServer, until

ITEMS = ("A1", "A2", "A3")

# In the page: gives an answer every few milliseconds (radios, ticks, typing), a few to one item and then to another, as
# a person does, until it is told to stop. It writes down each field's answers in turn, and each time that an item shows
# "Saved", how many of the answers of its fields were given by then.
ANSWER = """({ items, seed }) => {
  let state = seed;
  const random = () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648; };
  const pick = (list) => list[Math.floor(random() * list.length)];
  const given = {}, shown = {};
  const give = (name, value) => (given[name] ??= []).push(value);
  const watcher = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const line = target.nodeType === 3 ? target.parentElement : target;
      if (!line.textContent.startsWith("Saved ")) continue;
      for (const field of line.closest("[data-item]").querySelectorAll("[data-name]")) {
        const name = field.dataset.name;
        if (given[name]) shown[name] = given[name].length;
      }
    }
  });
  for (const line of document.querySelectorAll("[data-saved]")) {
    watcher.observe(line, { childList: true, characterData: true, subtree: true });
  }
  let item = items[0], more = 3;
  const answer = () => {
    if (more-- === 0) { item = pick(items.filter((each) => each !== item)); more = 2 + Math.floor(random() * 4); }
    const kind = pick(["standing", "matters_now", "note", "note"]);
    const name = `${item}/${kind}`;
    if (kind === "standing") {
      const radio = pick([...document.querySelectorAll(`input[name="${name}"]`)].filter((each) => !each.checked));
      radio.click();
      give(name, radio.value);
    } else if (kind === "matters_now") {
      const box = document.querySelector(`input[name="${name}"]`);
      box.click();
      give(name, box.checked ? "yes" : "");
    } else {
      const box = document.querySelector(`textarea[name="${name}"]`);
      box.value += ` ${Math.floor(random() * 100000)}`;
      give(name, box.value);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    window.answers.timer = setTimeout(answer, random() * 80);
  };
  window.answers = { given, shown };
  answer();
}"""
STOP = "() => { clearTimeout(window.answers.timer); return window.answers; }"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    with kit_to_kill(tmp_path_factory) as server:
        yield server


def stored(audit: SelfAudit) -> dict[str, str]:
    """Every answer in the store, under the names that the page uses."""
    answers = {}
    for item in ITEMS:
        rating = audit.rating(item)
        answers[f"{item}/standing"] = "unsure" if rating.unsure else str(rating.level or "")
        answers[f"{item}/matters_now"] = "yes" if rating.matters_now else ""
        answers[f"{item}/note"] = rating.note
    return answers


def not_kept(found: dict[str, str], written: dict[str, Any]) -> list[str]:
    """The names of answers that had shown "Saved", and of which the store has neither that value nor a later one."""
    given, shown = written["given"], written["shown"]
    return [name for name, count in shown.items() if found[name] not in given[name][count - 1 :]]


def test_answers_survive_kills_at_random_moments(
    browser: Browser, kit: KitServer, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    kills = request.config.getoption("--kills", 6)
    seed = request.config.getoption("--kills-seed", None) or random.SystemRandom().randrange(1, 2**31)
    record_property("told", f"seed {seed}")
    moments = random.Random(seed)
    audit = new_audit(kit)
    began = time.monotonic()
    shown = given = waited = 0
    lost: list[str] = []
    context = browser.new_context()
    page = open_tab(kit, context, f"{audit}/heading/A")
    for kill in range(kills):
        written = answer_until_killed(page, kit, moments)
        lost += [f"kill {kill + 1}, saved: {name}" for name in not_kept(stored(kept(kit, audit)), written)]
        waited += len(outbox(page))
        start_again(kit)
        page.reload()
        ready(page)
        until(lambda: not outbox(page), 30, "The saving of what the browser kept")
        last = {name: values[-1] for name, values in written["given"].items()}
        found = stored(kept(kit, audit))
        lost += [f"kill {kill + 1}, typed: {name}" for name, value in last.items() if found[name] != value]
        shown += sum(written["shown"].values())
        given += sum(len(values) for values in written["given"].values())
    context.close()
    record_property(
        "told",
        f"{kills} kills: {given} answers given, {shown} of them shown saved before their kill, "
        f"{waited} fields kept by the browser at the kills, {len(lost)} lost; {time.monotonic() - began:.0f} s",
    )
    assert lost == []
    assert shown > 0
    assert waited > 0


def answer_until_killed(page: Page, kit: KitServer, moments: random.Random) -> dict[str, Any]:
    """Let the page answer, kill the server at a random moment, and let it answer a little longer."""
    page.evaluate(ANSWER, {"items": ITEMS, "seed": moments.randrange(1, 2**31)})
    page.wait_for_timeout(moments.uniform(100, 2000))  # the random moment; nothing is waited for
    kill_all(kit)
    page.wait_for_timeout(moments.uniform(0, 200))
    written: dict[str, Any] = page.evaluate(STOP)
    return written
