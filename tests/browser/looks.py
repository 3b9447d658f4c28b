"""Ways of looking at a page in the browser; each says what it found, one line a fault, and nothing when all is well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from kit_states import State
from playwright.sync_api import Page, ViewportSize

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

WIDE: ViewportSize = {"width": 1280, "height": 900}
#: A window of 1280 by 1024 pixels at 400 %.
NARROW: ViewportSize = {"width": 320, "height": 256}

#: Nearly all of axe's time goes into the contrast of text: into reading the same few colours again for each text, which
#: are remembered here, and into texts that look the same. After `fewOfEach(true)` it looks at three texts of each look
#: and no more: their colours and sizes, and all that is drawn under them by what they stand in, are the same. A text in
#: something that does not stand where it flows, or that has a picture behind it, is always looked at.
MAKE_AXE_QUICK = """() => {
  const { Color } = axe.commons.color, read = Color.prototype.parseString, colours = new Map();
  Color.prototype.parseString = function (text) {
    if (!colours.has(text)) colours.set(text, read.call(new Color(), text));
    const { red, green, blue, alpha } = colours.get(text);
    return Object.assign(this, { red, green, blue, alpha });
  };
  const rule = axe._audit.rules.find(({ id }) => id === "color-contrast"), matches = rule.matches;
  let grounds, seen;
  window.fewOfEach = (yes) => { grounds = new Map(); seen = yes && new Map(); };
  const ground = (each) => {  // what is drawn under it; null when that can't be told from what it stands in
    if (!each) return "";
    if (!grounds.has(each)) {
      const style = getComputedStyle(each), under = ground(each.parentElement);
      const flows = ["static", "relative"].includes(style.position) && style.float === "none"
        && style.transform === "none" && style.backgroundImage === "none";
      const own = [style.backgroundColor, style.opacity, style.filter, style.mixBlendMode].join();
      grounds.set(each, under === null || !flows ? null : under + "/" + own);
    }
    return grounds.get(each);
  };
  rule.matches = (each, ...more) => {
    if (!matches.call(rule, each, ...more)) return false;
    const under = seen && ground(each);
    if (!seen || under === null) return true;
    const { color, fontSize, fontWeight, textShadow, webkitTextStroke } = getComputedStyle(each);
    const look = [color, fontSize, fontWeight, textShadow, webkitTextStroke, under].join();
    seen.set(look, (seen.get(look) ?? 0) + 1);
    return seen.get(look) <= 3;
  };
}"""

#: All of axe's rules, target-size and best practices included, but for those that ask for WCAG's level AAA.
RUN_AXE = """async (isNarrow) => {
  fewOfEach(isNarrow);
  const rules = {};
  for (const { ruleId, tags } of axe.getRules()) {
    rules[ruleId] = { enabled: !tags.includes("wcag2aaa") && !tags.includes("wcag22aaa") };
  }
  const found = await axe.run(document, { rules, resultTypes: ["violations"] });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)} | ${node.failureSummary.slice(0, 300)}`));
}"""

#: How far the page can be pushed sideways, and what sticks out of it.
TOO_WIDE = """() => {
  const page = document.documentElement;
  const wide = page.clientWidth;
  const over = Math.max(page.scrollWidth, document.body.scrollWidth) - wide;
  if (over <= 0) return [];
  const out = [...document.querySelectorAll("main *")].filter((each) => each.getBoundingClientRect().right > wide + 1);
  return [`${over} pixels`, ...out.slice(-3).map((each) => each.outerHTML.slice(0, 160))];
}"""

#: Text that does not fit in the box that is drawn round it, or that is cut off.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((each) => {
  if (!each.checkVisibility() || each.closest(".visually-hidden")) return false;
  if (each.matches("input, textarea, select")) return false;
  const style = getComputedStyle(each);
  if (style.display === "inline" || style.clipPath !== "none") return false;
  const boxed = each.matches(".part, .chip, .tag, button, .button, summary, .option, .card, .banner");
  const cuts = style.overflowX === "hidden" || style.overflowX === "clip" || style.overflowY === "hidden";
  if (!boxed && !cuts) return false;
  return each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
}).map((each) => `${each.scrollWidth}>${each.clientWidth} ${each.scrollHeight}>${each.clientHeight} `
  + each.outerHTML.slice(0, 160))"""

#: Targets of less than 24 by 24 pixels; a link inside a sentence is as high as its line (WCAG 2.5.8, "inline").
TOO_SMALL = """() => {
  const targets = "a[href], button, summary, input, select, textarea";
  return [...document.querySelectorAll(targets)].filter((each) => {
    if (!each.checkVisibility() || each.closest(".frame-skip")) return false;
    const { width, height } = each.getBoundingClientRect();
    if (width >= 23.9 && height >= 23.9) return false;
    const round = each.parentElement;
    const inSentence = each.matches("a") && getComputedStyle(each).display === "inline" && !each.closest("nav, .trail")
      && round.textContent.replace(each.textContent, "").replace(/[\\s›·;]/g, "").length > 10;
    return !inSentence;
  }).map((each) => {
    const { width, height } = each.getBoundingClientRect();
    return `${Math.round(width)} by ${Math.round(height)}: ${each.outerHTML.slice(0, 160)}`;
  });
}"""

#: What can take the focus and does not show it, is hidden while it has it, or can then not be read.
FOCUS_UNSEEN = """() => {
  const luminance = ([r, g, b]) => {
    const part = (value) => { const v = value / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const contrast = (one, other) => {
    const [a, b] = [luminance(numbers(one)), luminance(numbers(other))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const look = (style) => [style.outlineStyle === "none" ? "" : style.outlineColor, style.boxShadow].join(" ");
  const seen = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    && !style.outlineColor.endsWith(", 0)")) || style.boxShadow !== "none";
  const can = "a[href], button, summary, input, select, textarea, [tabindex='0']";
  const wrong = [];
  for (const each of document.querySelectorAll(can)) {
    if (!each.checkVisibility() || each.disabled) continue;
    document.activeElement.blur();
    const before = look(getComputedStyle(each));
    each.focus();
    const says = (what) => wrong.push(`${what}: ${each.outerHTML.slice(0, 160)}`);
    if (document.activeElement !== each) { says("takes no focus"); continue; }
    const style = getComputedStyle(each);
    if (!each.matches(":focus-visible")) { says("is not :focus-visible"); continue; }
    if (!seen(style) || look(style) === before) says("shows no focus");
    if (!each.matches("input, textarea, select") && numbers(style.backgroundColor)[3] !== 0
      && contrast(style.color, style.backgroundColor) < 4.5) says("can't be read while it has the focus");
    const box = each.getBoundingClientRect();
    const places = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]].map(([across, down]) =>
      document.elementFromPoint(box.x + box.width * across, box.y + box.height * down));
    const fits = box.height < innerHeight;
    if (fits && !places.some((found) => found && (each.contains(found) || found.contains(each)))) {
      says(`is hidden under ${places[0]?.outerHTML.slice(0, 80)}`);
    }
  }
  document.activeElement.blur();
  return wrong;
}"""

#: WCAG 1.4.12: a reader's own spacing.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""


def name_of(state: State) -> str:
    """What a test of this state is called."""
    return state.name


def shown_one_by_one(states: Iterable[State]) -> Any:
    """A fixture: a page in each of these states, left again before the next.

    Tests of other states ask for them through the same fixture (`indirect=True`). One that opened a state by itself
    would do so inside the state that was shown last, with the work that was put aside for it still away.
    """

    @pytest.fixture(scope="module", params=states, ids=name_of)
    def shown(request: pytest.FixtureRequest, tour: Any) -> Iterator[Page]:
        with tour.state(request.param) as page:
            yield page

    return shown


def expect_none(found: list[str]) -> None:
    """Fails with everything that was found, one a line."""
    assert not found, "\n".join(["", *found])


def expect_no_axe_findings(page: Page) -> None:
    """Run axe on what is shown now.

    In a narrow window the contrast is looked at in a few texts of each look: a wide one, where it is looked at in all,
    has the same texts.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
        page.evaluate(MAKE_AXE_QUICK)
    is_narrow = page.viewport_size is not None and page.viewport_size["width"] <= NARROW["width"]
    expect_none(page.evaluate(RUN_AXE, is_narrow))


def expect_all_fits(page: Page) -> None:
    """The page is not pushed sideways, no text is cut off, and no target is too small."""
    for look in (TOO_WIDE, CUT_OFF, TOO_SMALL):
        expect_none(page.evaluate(look))


def expect_own_spacing_fits(page: Page) -> None:
    """The same with a reader's own spacing (WCAG 1.4.12), but for the size of targets, which only grow."""
    page.evaluate(SPACING)
    try:
        expect_none(page.evaluate(TOO_WIDE))
        expect_none(page.evaluate(CUT_OFF))
    finally:
        page.evaluate("() => { document.adoptedStyleSheets = []; }")


def expect_focus_is_seen(page: Page) -> None:
    """Everything that can take the focus shows it, is not hidden under something else, and can then be read."""
    page.keyboard.press("Tab")  # a page that is used by keyboard shows the focus
    expect_none(page.evaluate(FOCUS_UNSEEN))
