"""The person's own work as pages reach it: what the store says in its own words reaches the screen as a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from senco_kit.audit.model import SelfAudit
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Gone
from senco_kit.standards import read
from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, open_store


@contextmanager
def work() -> Iterator[Store]:
    """The store, for the length of a `with` block; its problems and bad values are raised as Refused (or Gone)."""
    try:
        yield open_store()
    except NoLongerThere as problem:
        raise Gone(str(problem)) from problem
    except (BadValue, StoreProblem) as problem:
        raise Refused(str(problem)) from problem


def latest(audits: tuple[SelfAudit, ...], framework_id: str) -> SelfAudit | None:
    """The newest audit of a framework, or None. `audits` come newest first, as the store gives them."""
    return next((audit for audit in audits if audit.framework_id == framework_id), None)


def known_outcomes() -> dict[str, set[str]]:
    """The ids of every framework's outcomes: what an imported file may speak of."""
    return {framework.id: {outcome.id for outcome in framework.outcomes()} for framework in read.frameworks().values()}
