"""What each page shows. A page notebook is a title and one cell that displays one of these.

Nothing is imported before its page is asked for, so that a page opens soon.
"""

from senco_kit.forms.screen import Screen


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
