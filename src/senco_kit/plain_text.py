"""Text that people type, made safe to keep and safe to put in a spreadsheet."""

from __future__ import annotations

import re

#: The longest text kept for one answer, in characters. Long enough for pages of notes; short enough that nothing hangs.
LONGEST_TEXT = 20_000

# Control characters (other than tab and newline) and lone surrogates: no keyboard types them, and Word and Excel files
# that hold them cannot be opened.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# The characters with which a spreadsheet may take a cell for a formula (OWASP, "CSV injection"), full-width ones too.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """The text without control characters, with every line end as a newline.

    >>> clean("one\\r\\ntwo\\x00")
    'one\\ntwo'
    """
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def for_cell(text: str) -> str:
    """The text as a spreadsheet cell that cannot start a formula: an apostrophe goes before a risky first character.

    >>> for_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    if text.lstrip(" \u00a0\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff").startswith(_STARTS_FORMULA):
        return "'" + text
    return text
