"""What each page shows. A page notebook is a title and one cell that displays one of these.

Nothing is imported before its page is asked for, so that a page opens soon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from senco_kit.forms.screen import Screen

if TYPE_CHECKING:
    from senco_kit.pages.course_in_notebook import LessonInNotebook


def home() -> Screen:
    """The home page."""
    from senco_kit.pages.home_page import HomePage

    return Screen(HomePage())


def self_audit() -> Screen:
    """The self-audit page."""
    from senco_kit.pages.self_audit_page import SelfAuditPage

    return Screen(SelfAuditPage())


def standards() -> Screen:
    """The Standards page."""
    from senco_kit.pages.standards_page import StandardsPage

    return Screen(StandardsPage())


def patterns() -> Screen:
    """The pattern page."""
    from senco_kit.pages.patterns_page import PatternsPage

    return Screen(PatternsPage())


def provision_map() -> Screen:
    """The provision map page."""
    from senco_kit.pages.provision_map_page import ProvisionMapPage

    return Screen(ProvisionMapPage())


def invented_schools() -> Screen:
    """The Invented schools page."""
    from senco_kit.pages.invented_schools_page import InventedSchoolsPage

    return Screen(InventedSchoolsPage())


def course() -> Screen:
    """The course page."""
    from senco_kit.pages.course_page import CoursePage

    return Screen(CoursePage())


def facilitator() -> Screen:
    """The facilitator's page."""
    from senco_kit.pages.facilitator_page import FacilitatorPage

    return Screen(FacilitatorPage())


def leading() -> Screen:
    """The Leading page."""
    from senco_kit.pages.leading_page import LeadingPage

    return Screen(LeadingPage())


def lesson(module_id: str) -> LessonInNotebook:
    """What the cells of a lesson notebook show."""
    from senco_kit.pages.course_in_notebook import LessonInNotebook

    return LessonInNotebook(module_id)
