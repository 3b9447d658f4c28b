"""What can go wrong when work is set, collected and marked; each problem is one sentence for the reader."""

from __future__ import annotations


class MarkingProblem(Exception):
    """Something asked for in marking cannot be done; its text is one sentence: what, and what to do."""


class NotMarkable(Exception):
    """One submission cannot be marked; its text says why, for the person who marks and the one who handed in."""
