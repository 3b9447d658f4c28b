"""Importing the reports is cheap: pages import them, and open without the libraries that write files."""

import subprocess
import sys


def test_importing_the_reports_loads_none_of_the_large_libraries():
    heavy = "{'docx', 'openpyxl', 'matplotlib', 'numpy', 'pandas', 'lxml'}"
    told = f"import sys, senco_kit.reports, senco_kit.charts.levels_picture; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
