"""The person's own work as pages reach it: what the store says in its own words reaches the screen as a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from senco_kit.audit.model import SelfAudit
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Gone, NotNow
from senco_kit.places import FolderProblem
from senco_kit.standards import read
from senco_kit.standards.model import Framework
from senco_kit.standards.problems import ContentProblem
from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, open_store


@contextmanager
def said_on_screen() -> Iterator[None]:
    """Raises problems of the store, bad values and problems of content files inside the block as Refused.

    As Gone when what was asked for was deleted, and as NotNow when trying again later may help.
    """
    try:
        yield
    except NoLongerThere as problem:
        raise Gone(str(problem)) from problem
    except StoreProblem as problem:
        raise NotNow(str(problem)) from problem
    except (BadValue, ContentProblem, FolderProblem) as problem:
        raise Refused(str(problem)) from problem


@contextmanager
def work() -> Iterator[Store]:
    """The store, for the length of a `with` block; what goes wrong is raised as `said_on_screen` says."""
    with said_on_screen():
        yield open_store()


def latest(audits: tuple[SelfAudit, ...], framework_id: str) -> SelfAudit | None:
    """The newest audit of a framework, or None. `audits` come newest first, as the store gives them."""
    return next((audit for audit in audits if audit.framework_id == framework_id), None)


def standards() -> tuple[dict[str, Framework], tuple[str, ...]]:
    """Every framework that can be read, by id, and a sentence for each file that cannot.

    One mistake in a file that a person added must not hide their audits.
    """
    broken: list[ContentProblem] = []
    found = read.frameworks(broken=broken)
    return found, tuple(str(problem) for problem in broken)


def known_outcomes() -> dict[str, set[str]]:
    """The ids of every framework's outcomes: what an imported file may speak of."""
    return {framework.id: {outcome.id for outcome in framework.outcomes()} for framework in standards()[0].values()}
