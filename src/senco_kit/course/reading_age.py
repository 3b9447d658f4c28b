"""How hard a text is to read, by a standard measure, so that lessons stay readable between two lessons."""

from __future__ import annotations

import re

from senco_kit.course import markdown
from senco_kit.course.model import Module

_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)|\n")
_WORD = re.compile(r"[A-Za-z0-9£%’'-]+")


def reading_age(text: str) -> float:
    """The age in years at which a text can be read, by the Automated Readability Index.

    ARI = 4.71 x letters a word + 0.5 x words a sentence - 21.43 is a school grade of the United States (Smith and
    Senter, 1967, AMRL-TR-66-220); five years more give the age. It counts letters, so it needs no list of syllables.
    """
    words = _WORD.findall(text)
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    if not words:
        return 0.0
    letters = sum(len(re.sub(r"[^A-Za-z0-9]", "", word)) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43 + 5


def lesson_texts(module: Module) -> list[str]:
    """The paragraphs of a lesson as a learner reads them, without marks of Markdown, tables and headings."""
    texts = [block.text for section in module.sections for block in section.blocks]
    paragraphs = [paragraph for text in texts for paragraph in re.split(r"\n\s*\n|\n(?=[-*] |\d+\. )", text)]
    return [markdown.words(each) for each in paragraphs if each.strip() and not each.lstrip().startswith(("|", "#"))]
