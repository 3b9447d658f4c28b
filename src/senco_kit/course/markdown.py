"""MyST Markdown of lessons, questions and session notes: to HTML for pages, to plain Markdown for notebooks.

Two roles take facts from the register: {fact}`id` puts the value into the sentence, {source}`id` names the source at
its end. Both say so where the fact is still to be checked. Raw HTML and links out of the kit show as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from senco_kit.course.facts_in_words import in_a_sentence
from senco_kit.standards import read
from senco_kit.standards.model import Fact, UnknownId

_ROLE = re.compile(r"\{(fact|source)\}`([^`]+)`")
TO_CHECK = "check the source"


@cache
def parser() -> MarkdownIt:
    """The parser of the files that authors write: CommonMark, tables, colon fences, attributes above a block, roles."""
    return _plain_parser().use(attrs_block_plugin)


@cache
def _drawing_parser() -> MarkdownIt:
    """The parser of what is shown. A text may come from a facilitator's file, so it brings no attributes (a style could
    ask another host for a picture, `data-press` make a button), and no link that leads out of the kit."""
    found = _plain_parser()
    found.add_render_rule("myst_role", _role_html)
    return found


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser asks for it by this name)
        return stays_here(url)


def _plain_parser() -> MarkdownIt:
    # No pictures: a picture in a facilitator's text could ask another host for it.
    found = _Parser("commonmark", {"html": False}).enable("table").disable("image")
    return found.use(colon_fence_plugin).use(myst_role_plugin)


def stays_here(link: str) -> bool:
    """Whether a link leads to a page of the kit, or to a place of this page.

    >>> [stays_here(link) for link in ("/self-audit", "#/work", "//example.org", "https://example.org")]
    [True, True, False, False]
    """
    return link.startswith(("/", "#")) and not link.startswith("//")


def html(text: str, *, heading: int = 3) -> Markup:
    """The HTML of a text. The highest heading in a section is `###`; it is drawn as a heading of this level."""
    tokens = _drawing_parser().parse(text)
    shift = heading - 3
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    rendered = _drawing_parser().renderer.render(tokens, _drawing_parser().options, {})
    scrolling = '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>'
    return Markup(rendered.replace("<table>", scrolling).replace("</table>", "</table></div>"))


def inline_html(text: str) -> Markup:
    """The HTML of a text of one line, without a paragraph around it."""
    return Markup(_drawing_parser().renderInline(text))


def plain(text: str) -> str:
    """The same Markdown with the roles written out, for notebooks, where nobody knows them.

    A notebook is built once, so a fact is marked there by its status alone, whatever the day.
    """
    return _ROLE.sub(lambda found: _written_out(found[1], _fact(found[2])), text)


def words(text: str) -> str:
    """A text without any marks of Markdown, for a file or a speaking device."""
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain(text))
    return re.sub(r"\s+", " ", re.sub(r"[*_`#]|^[-:>]+\s", "", bare, flags=re.MULTILINE)).strip()


def facts_named(text: str) -> Iterator[str]:
    """The ids of the facts that a text names."""
    return (found[2].strip() for found in _ROLE.finditer(text))


def _fact(fact_id: str) -> Fact:
    return read.fact(fact_id.strip())


def _written_out(role: str, fact: Fact) -> str:
    to_check = f"*{TO_CHECK}*" if fact.status == "to-check" else ""
    if role == "source":
        return f"(source: {'; '.join(filter(None, [fact.source, to_check]))})"
    return f"{in_a_sentence(fact)}{f' ({to_check})' if to_check else ''}"


def _role_html(_renderer: object, tokens: list[Token], place: int, _options: object, _env: object) -> str:
    role, text = str(tokens[place].meta["name"]), tokens[place].content
    try:
        fact = _fact(text)
    except UnknownId:
        return str(escape(f"{{{role}}}`{text}`"))
    to_check = '<span class="tag to-check">Check the source</span>' if fact.to_be_checked(date.today()) else ""
    if role == "source":
        return f'<span class="quiet">(source: {escape(fact.source)}{"; " if to_check else ""}{to_check})</span>'
    return f"{escape(in_a_sentence(fact))}{' ' if to_check else ''}{to_check}"
