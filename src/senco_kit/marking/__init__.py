"""Cohorts and nbgrader: assignments, handing in, marking in a sandbox, feedback, results by outcome.

nbgrader itself runs in a process of its own (`nbgrader_process.py`), never in the process of a page.
"""
