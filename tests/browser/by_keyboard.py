"""A page used by the keyboard alone: Tab, arrow keys, Space, Enter, and letters where text is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect

#: What stands where the focus is: its group, what it is called, what it leads to, and whether it is chosen.
WHERE = """() => {
  const each = document.activeElement;
  const group = each.closest("fieldset");
  return { tag: each.tagName, type: each.type || "",
    text: each === document.body ? "" : each.textContent.replace(/\\s+/g, " ").trim(),
    value: each.value || "", group: each.type === "radio" ? group.dataset.name : "", checked: Boolean(each.checked),
    id: each.id, href: each.getAttribute("href") || "", name: each.dataset.name || each.name || "" };
}"""


class Keys:
    """Moves about a page by Tab and remembers where the focus went."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.walked: list[dict[str, Any]] = []

    def here(self) -> dict[str, Any]:
        return dict(self.page.evaluate(WHERE))

    def press(self, *keys: str) -> dict[str, Any]:
        for key in keys:
            self.page.keyboard.press(key)
        return self.here()

    def tab_to(self, most: int = 80, **wanted: str) -> dict[str, Any]:
        """Press Tab until the focus is on what has these properties; a text ending in … is a beginning."""
        for _ in range(most):
            here = self.press("Tab")
            self.walked.append(here)
            if all(_fits(here[key], value) for key, value in wanted.items()):
                return here
        went = [step["text"][:60] or step["name"] or step["tag"] for step in self.walked[-most:]]
        raise AssertionError(f"Tab does not reach {wanted}; it went through {went}")

    def follow(self, text: str) -> None:
        """Tab to what has this text, and press Enter on it."""
        self.tab_to(text=text)
        self.page.keyboard.press("Enter")

    def at_view(self, words: str) -> None:
        """Wait for a view whose heading holds these words; the focus must be on that heading."""
        expect(self.page.locator("main h2:focus")).to_contain_text(words)

    def answer(self, question: Mapping[str, Any], answer: Any) -> None:
        """Answer a question of the course, as a package holds it, from somewhere before its field."""
        name = str(question["id"])
        match question["type"]:
            case "choose-one":
                self.tab_to(group=name)
                place = [option["id"] for option in question["options"]].index(answer)
                here = self.press("Space", *["ArrowDown"] * place)
                assert (here["group"], here["value"], here["checked"]) == (name, answer, True)
            case "choose-many":
                self._tick(name, [option["id"] for option in question["options"]], answer)
            case "pick-pupils":
                self._tick(name, [row_id for row_id, _ in question["table"]["rows"]], answer)
            case "put-in-order":
                self._put_in_order({option["id"]: option["text"] for option in question["options"]}, answer)
            case "share-out":
                for row in question["options"]:
                    self._type(f"{name}/{row['id']}", answer[row["id"]])
            case _:
                self._type(name, answer)

    def _tick(self, name: str, ids: list[str], wanted: list[str]) -> None:
        for each in ids:
            if each in wanted:
                self.tab_to(name=name, value=each)
                assert self.press("Space")["checked"], each

    def _type(self, name: str, text: str) -> None:
        self.tab_to(name=name)
        self.page.keyboard.type(text)

    def _put_in_order(self, words: Mapping[str, str], wanted: list[str]) -> None:
        """From the second thing to the last: each moves up past those that belong after it."""
        shown = list(words)
        for number, each in enumerate(shown):
            steps = sum(wanted.index(other) > wanted.index(each) for other in shown[:number])
            if steps:
                self.tab_to(text=f"Move up {words[each]}")
                assert self.press(*["Enter"] * steps)["text"] == f"Move up {words[each]}"  # it keeps the focus
        if shown == wanted:
            self.tab_to(type="checkbox")
            assert self.press("Space")["checked"]


def _fits(found: str, wanted: str) -> bool:
    return found.startswith(wanted[:-1]) if wanted.endswith("…") else found == wanted
