"""A school's own data: the template to fill in, and the reading of what comes back, with every mistake told at once."""

from senco_kit.provision.own_data.mistakes import Mistake, Mistakes
from senco_kit.provision.own_data.read import read
from senco_kit.provision.own_data.template import CSV_NAME, EXCEL_NAME, template_csv, template_excel

__all__ = ["CSV_NAME", "EXCEL_NAME", "Mistake", "Mistakes", "read", "template_csv", "template_excel"]
