"""One self-audit as a file to hand on: Word for a line manager, Excel and CSV for whoever wants to sort and count.

Importing this is cheap: the libraries that write Word and Excel files, and matplotlib, are loaded when a report is
made.
"""

from __future__ import annotations

from senco_kit.reports.csv_file import csv_report as csv_report
from senco_kit.reports.excel import excel_report as excel_report
from senco_kit.reports.word import word_report as word_report
