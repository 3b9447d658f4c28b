"""The figures of a cycle's school that documents show, worked out once for each opened school."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from senco_kit.forms.check import Refused
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.planning.documents.figures import SchoolFigures
from senco_kit.planning.model import Cycle

_worked_out: WeakKeyDictionary[OpenSchool, SchoolFigures] = WeakKeyDictionary()


def of(cycle: Cycle) -> SchoolFigures | None:
    """The figures of the cycle's school; None when none is chosen or its data are no longer here."""
    try:
        school = school_of(cycle)
    except Refused:
        return None
    if school not in _worked_out:
        from senco_kit.planning.documents.figures import school_figures

        _worked_out[school] = school_figures(school.data, school.tables, school.name)
    return _worked_out[school]
