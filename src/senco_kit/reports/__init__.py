"""Files to hand on: Word for reading, Excel and CSV for whoever wants to sort and count.

Of one self-audit (`word_report`, `excel_report`, `csv_report`) and of a provision map (`provision_word`,
`provision_excel`). Importing this is cheap: the libraries that write Word and Excel files, pandas and matplotlib are
loaded when a report is made.
"""

from __future__ import annotations

from senco_kit.reports.csv_file import csv_report as csv_report
from senco_kit.reports.excel import excel_report as excel_report
from senco_kit.reports.provision_excel import provision_excel as provision_excel
from senco_kit.reports.provision_word import provision_word as provision_word
from senco_kit.reports.word import word_report as word_report
