"""audit/documents/: what each document must hold, as data, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.standards import read
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml

DOCUMENTS: Final = KIT / "audit" / "documents"
#: The documents in the order in which they are shown: the one that is due first comes first.
ORDER: Final = ("inclusion-strategy", "sen-information-report", "governors-report", "review-summary", "plan-on-a-page")
#: How a person answers an item.
WAYS: Final = ("short", "long", "day", "tick")
#: What makes an item count as there: the person's words, what the cycle gives, one of them, or nothing at all.
NEEDS: Final = ("words", "chain", "either", "nothing")


@dataclass(frozen=True)
class Item:
    """One thing that a document tells. `words` is about how many words it may have at most, 0 where nothing is said.

    `asks` is one of WAYS, or "" when nothing is asked of the person; `chain` is the name of what the cycle gives.
    """

    id: str
    title: str
    needs: str
    to_do: str = ""
    asks: str = ""
    label: str = ""
    hint: str = ""
    words: int = 0
    chain: str = ""
    facts: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the document is a draft without it."""
        return self.needs != "nothing"


@dataclass(frozen=True)
class ItemGroup:
    """A section of a document: its items under a heading."""

    id: str
    title: str
    about: str
    facts: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Principle:
    """One of the principles of inclusion; `about` is in our words."""

    id: str
    title: str
    about: str


@dataclass(frozen=True)
class Instrument:
    """What a document must hold. `due` is the id of the fact that says by when it is due, "" when nothing is."""

    id: str
    title: str
    for_whom: str
    published: bool
    sideways: bool
    about: str
    due: str
    facts: tuple[str, ...]
    sections: tuple[ItemGroup, ...]
    principles: tuple[Principle, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, in order."""
        return tuple(item for section in self.sections for item in section.items)


@cache
def instrument(document_id: str, folder: Path = DOCUMENTS) -> Instrument:
    """What the document must hold. Raises ContentProblem when the file is wrong or missing."""
    sheet = Sheet(folder / f"{document_id}.yml")
    found = _read(sheet)
    if sheet.problems:
        raise ContentProblem(min(sheet.problems))
    return found


def instruments(folder: Path = DOCUMENTS) -> tuple[Instrument, ...]:
    """All documents, in order. Raises ContentProblem when a file is wrong or missing."""
    return tuple(instrument(document_id, folder) for document_id in ORDER)


def principles(folder: Path = DOCUMENTS) -> tuple[Principle, ...]:
    """The principles of inclusion, which objectives may tick under "principle/ID"."""
    return instrument(ORDER[0], folder).principles


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the files of documents below `root`."""
    from senco_kit.planning.documents.chain import GIVES

    known = set(read.facts())
    problems: list[Problem] = []
    for document_id in ORDER:
        sheet = Sheet(root / "audit" / "documents" / f"{document_id}.yml")
        found = _read(sheet)
        named = [*found.facts, found.due, *(fact for section in found.sections for fact in section.facts)]
        named += [fact for item in found.items for fact in item.facts]
        for fact in dict.fromkeys(fact for fact in named if fact and fact not in known):
            sheet.wrong(1, f'The register of facts has no "{fact}".')
        for item in found.items:
            if item.chain and item.chain not in GIVES:
                sheet.wrong(1, f'Item {item.id} takes "{item.chain}" from the cycle, which the kit cannot give.')
        problems += sheet.problems
    return problems


_ABOUT = ("id", "title", "for_whom", "published", "sideways", "about", "facts", "sections")


def _read(sheet: Sheet) -> Instrument:
    fields = sheet.fields(read_yaml(sheet.path), "The document", _ABOUT, ("due", "principles"))
    text = _texts(sheet, fields)
    document_id = text("id")
    if document_id and document_id != sheet.path.stem:
        sheet.wrong(fields["id"].line, f'The id is "{document_id}": name the file so, or change the id.')
    groups = (
        sheet.items(fields["sections"], '"sections"', "a document has one at least.") if "sections" in fields else []
    )
    named = sheet.items(fields["principles"], '"principles"') if "principles" in fields else []
    ids: set[str] = set()
    return Instrument(
        id=document_id,
        title=text("title"),
        for_whom=text("for_whom"),
        published=_yes(sheet, fields, "published"),
        sideways=_yes(sheet, fields, "sideways"),
        about=text("about"),
        due=text("due"),
        facts=sheet.texts(fields["facts"], '"facts"') if "facts" in fields else (),
        sections=tuple(_group(sheet, value, ids) for value in groups),
        principles=tuple(_principle(sheet, value) for value in named),
    )


def _group(sheet: Sheet, value: Value, ids: set[str]) -> ItemGroup:
    fields = sheet.fields(value, "A section", ("id", "title", "facts", "items"), ("about",))
    text = _texts(sheet, fields)
    items = sheet.items(fields["items"], '"items"', "a section has one at least.") if "items" in fields else []
    return ItemGroup(
        id=text("id"),
        title=text("title"),
        about=text("about"),
        facts=sheet.texts(fields["facts"], '"facts"') if "facts" in fields else (),
        items=tuple(_item(sheet, each, ids) for each in items),
    )


def _item(sheet: Sheet, value: Value, ids: set[str]) -> Item:
    may = ("to_do", "asks", "label", "hint", "words", "chain", "facts")
    fields = sheet.fields(value, "An item", ("id", "title", "needs"), may)
    text = _texts(sheet, fields)
    item = Item(
        id=sheet.id(fields["id"], "The id of an item", LONG_ID, "staff-says") if "id" in fields else "",
        title=text("title"),
        needs=sheet.choice(fields["needs"], '"needs"', NEEDS) if "needs" in fields else "",
        to_do=text("to_do"),
        asks=sheet.choice(fields["asks"], '"asks"', WAYS) if "asks" in fields else "",
        label=text("label"),
        hint=text("hint"),
        words=(sheet.whole_number(fields["words"], '"words"') or 0) if "words" in fields else 0,
        chain=text("chain"),
        facts=sheet.texts(fields["facts"], '"facts"') if "facts" in fields else (),
    )
    for wrong in _wrong_with(item, ids):
        sheet.wrong(value.line, f"Item {item.id} {wrong}")
    ids.add(item.id)
    return item


def _wrong_with(item: Item, ids: set[str]) -> list[str]:
    """What does not fit together in an item."""
    return [
        says
        for is_wrong, says in (
            (item.id in ids, "is there twice: give one another id."),
            (bool(item.asks) != bool(item.label), 'has "asks" without "label", or "label" without "asks".'),
            (item.needs in ("words", "either") and not item.asks, "needs words but asks for none."),
            (item.needs in ("chain", "either") and not item.chain, "needs something from the cycle but names nothing."),
            (not item.asks and not item.chain, "neither asks for anything nor takes anything from the cycle."),
            (item.required and not item.to_do, 'has no "to_do", which says what to do when it is missing.'),
        )
        if is_wrong
    ]


def _principle(sheet: Sheet, value: Value) -> Principle:
    fields = sheet.fields(value, "A principle", ("id", "title", "about"))
    text = _texts(sheet, fields)
    return Principle(text("id"), text("title"), text("about"))


def _texts(sheet: Sheet, fields: Mapping[str, Value]) -> Callable[[str], str]:
    """Gives the text of a field by its name; "" where it is left out."""
    return lambda name: sheet.text(fields[name], f'"{name}"') if name in fields else ""


def _yes(sheet: Sheet, fields: Mapping[str, Value], name: str) -> bool:
    if name not in fields:
        return False
    if not fields[name].is_kind("bool"):
        sheet.wrong(fields[name].line, f'"{name}" must be true or false.')
    return str(fields[name].node.value).lower() == "true"
