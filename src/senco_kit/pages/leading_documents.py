"""The documents of a cycle: how complete each is, what it still asks of a person beside what it will say, and Word.

Places, after CYCLE/documents:

    (nothing)       the five documents
    ID              one document
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup

from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.draw import element_id
from senco_kit.forms.screen import Answer, Download, Parts, View
from senco_kit.pages import leading_figures
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask_single
from senco_kit.pages.work import work
from senco_kit.planning.documents import Document, build, instrument, instruments
from senco_kit.planning.documents.file import Instrument, Item, ItemGroup
from senco_kit.planning.documents.kinds import ACTIVITY, PREFIX
from senco_kit.planning.documents.model import Section
from senco_kit.planning.kinds import kind_of, single_id
from senco_kit.planning.model import Cycle, Record
from senco_kit.standards import read

#: A text with fewer words says nothing about how hard it is to read.
_FEWEST_WORDS: Final = 30
#: Texts for parents are meant to be read at this age. The kit's own rule: a hint, never a bar.
_EASY_AGE: Final = 14
_HARDEST_AGE: Final = 20
#: Where a person finds what the cycle gives to a document, when it is missing: chain to the place after the cycle's id.
_PLACE_OF: Final = {
    "status": "name",
    "barriers": "findings",
    "findings": "findings",
    "activity": "plan",
    "outcomes": "plan",
    "objectives": "plan",
    "actions": "plan",
    "training": "staff",
    "review-areas": "review",
}
_WORD_FILE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room; see the list above."""
    match rest:
        case []:
            return _all(cycle)
        case [document_id]:
            return _one(cycle, _asked(document_id))
        case _:
            raise Refused("There is no such place on this page.")


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Make a document as a Word file."""
    if action != "word":
        raise Refused("This button does nothing here. Reload the page.")
    asked = _asked(values.get("document", ""))
    return word_file(build(asked.id, cycle, leading_figures.of(cycle)))


def word_file(document: Document) -> Download:
    """A document to keep. The name of a file travels further than the file: it says what and when, and not whose."""
    from senco_kit.reports.planning_word import word

    parts = [*(["INVENTED"] if document.invented else []), *(["draft"] if document.missing else [])]
    name = "-".join([*parts, document.id, date.today().isoformat()]) + ".docx"
    return Download(name, _WORD_FILE, word(document), f"{name} is made. Look in your browser's downloads.")


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """What a document will say and still lacks, after an answer of it was saved."""
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    asked = next((each for each in instruments() if single_id(f"{PREFIX}{each.id}") == record_id), None)
    if asked is None:
        return None
    item_id = "activity" if field.startswith(f"{ACTIVITY}/") else field
    section = next((each for each in asked.sections if any(item.id == item_id for item in each.items)), None)
    document = build(asked.id, cycle, leading_figures.of(cycle))
    parts = top(document, missing_of(cycle, asked, document))
    if section is not None:
        parts[f"document-state-{section.id}"] = _section_state(document, section)
        parts[f"document-{section.id}"] = _preview(cycle, document, section)
        hints = {item.id: hint for item, hint in _hints(cycle, asked, section)}
        parts[f"document-hint-{item_id}"] = Markup.escape(hints.get(item_id, ""))
    return parts


def standing(cycle: Cycle) -> str:
    """How many documents were begun, and when the inclusion strategy is due."""
    begun = [each for each in instruments() if cycle.single(f"{PREFIX}{each.id}") is not None]
    first = instruments()[0]
    due = _due(first)
    said = f"{len(begun)} of {len(instruments())} begun" if begun else ""
    return ". ".join(filter(None, (f"{due}: {first.title}" if due else "", said)))


# ------------------------------------------------------------------------------------------------ what is shown


def top(document: Document, missing: Sequence[tuple[str, str]]) -> dict[str, Markup]:
    """What stands first on the page of a document: how complete it is, and what is missing, with links to it."""
    return {
        "document-state": draw("leading/documents_state.html", missing=missing),
        "document-missing": draw("leading/documents_missing.html", document=document, missing=missing),
    }


def missing_of(cycle: Cycle, asked: Instrument, document: Document) -> list[tuple[str, str]]:
    """Each sentence about what is missing, after the link to where it is put right: a field here, or a room."""
    record = single_id(f"{PREFIX}{asked.id}")
    found = []
    for item, part in zip(asked.items, document.parts, strict=True):
        here = f"#{element_id(f'{record}/{item.id}')}"
        found += [(here if item.asks else f"#/{cycle.id}/{_PLACE_OF[item.chain]}", each) for each in part.missing]
    return found


def _asked(document_id: str) -> Instrument:
    if document_id not in {each.id for each in instruments()}:
        raise Refused("There is no such document.")
    return instrument(document_id)


def _all(cycle: Cycle) -> View:
    figures = leading_figures.of(cycle)
    rows = [(each, build(each.id, cycle, figures), _due(each)) for each in instruments()]
    return View("Documents", draw("leading/documents.html", cycle=cycle, rows=rows, has_data=figures is not None))


def _one(cycle: Cycle, asked: Instrument) -> View:
    document = build(asked.id, cycle, leading_figures.of(cycle))
    kind = kind_of(f"{PREFIX}{asked.id}")
    groups = []
    for section in asked.sections:
        hints = {item.id: hint for item, hint in _hints(cycle, asked, section)}
        fields = [(item, ask_single(cycle, kind, item.id), hints[item.id]) for item in section.items if item.asks]
        groups.append((section, fields, _section_state(document, section), _preview(cycle, document, section)))
    first = top(document, missing_of(cycle, asked, document))
    html = draw(
        "leading/documents_one.html",
        cycle=cycle,
        asked=asked,
        document=document,
        due=_due(asked),
        groups=groups,
        state=first["document-state"],
        missing=first["document-missing"],
        activity=_in_other_words(cycle, asked, document),
        has_data=leading_figures.of(cycle) is not None,
    )
    return View(f"{document.title}: {cycle.name}", html)


def _in_other_words(cycle: Cycle, asked: Instrument, document: Document) -> list[tuple[Record, Markup]]:
    """For each action that a published document tells of: its own words, and the question how to say it to parents."""
    kind = kind_of(f"{PREFIX}{asked.id}")
    if ACTIVITY not in kind.patterns:
        return []
    shown = {source.record for source in document.sources}
    actions = [one for one in cycle.of("action") if one.id in shown]
    return [(one, ask_single(cycle, kind, f"{ACTIVITY}/{one.id}")) for one in actions]


def _due(asked: Instrument) -> str:
    """By when it is due, in words; "" where the register says nothing."""
    if not asked.due:
        return ""
    day = read.fact(asked.due).value
    return f"Due by {in_words(day)}" if isinstance(day, date) else ""


def _section_state(document: Document, section: ItemGroup) -> Markup:
    return draw("leading/documents_section_state.html", section=_as_it_stands(document, section))


def _preview(cycle: Cycle, document: Document, section: ItemGroup) -> Markup:
    return draw("leading/documents_section.html", cycle=cycle, section=_as_it_stands(document, section))


def _as_it_stands(document: Document, section: ItemGroup) -> Section:
    return next(each for each in document.sections if each.id == section.id)


def _hints(cycle: Cycle, asked: Instrument, section: ItemGroup) -> list[tuple[Item, str]]:
    """How long each long text is and, for parents, how hard to read."""
    said = cycle.single(f"{PREFIX}{asked.id}")
    return [(item, _hint(said.text(item.id) if said else "", item, asked)) for item in section.items if item.asks]


def _hint(text: str, item: Item, asked: Instrument) -> str:
    if item.asks != "long":
        return ""
    from senco_kit.course.reading_age import reading_age

    words = len(text.split())
    said = f"{words} of about {item.words} words." if item.words else f"{words} words." if words else ""
    if item.words and words > item.words:
        said += " That is more than parents will read: shorten it."
    if asked.published and words >= _FEWEST_WORDS:
        age = round(reading_age(text))
        hard = f" Shorter sentences and words help: aim for {_EASY_AGE} or less." if age > _EASY_AGE else ""
        shown = f"more than {_HARDEST_AGE}" if age > _HARDEST_AGE else f"about {max(age, 5)}"
        said += f" Reading age: {shown}.{hard}"
    return said
