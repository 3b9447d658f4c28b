"""What a course folder tells nbgrader, so that its own commands do just what the kit's do."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    OverwriteCells,
    OverwriteKernelspec,
)

from senco_kit.marking.feedback import FeedbackExporter, GetGradesAndWaiting
from senco_kit.marking.only_answers import OnlyAnswers
from senco_kit.marking.zip_collector import CollectSent

#: The name of what a learner sends, as nbgrader finds it after unpacking: .../MODULE_LEARNER_attempt_TIME/FILE.
SENT = (
    r".*[/\\][^/\\]*_(?P<student_id>[A-Za-z0-9-]{1,20})_attempt_(?P<timestamp>[0-9-]{19})"
    r"[^/\\]*[/\\](?P<file_id>[^/\\]+)$"
)


def use(settings: Any, cohort: str) -> None:
    """Put the kit's settings into nbgrader's (`get_config()` of nbgrader_config.py)."""
    settings.CourseDirectory.course_id = cohort
    settings.Autograde.create_student = False
    settings.Autograde.sanitize_preprocessors = [
        OnlyAnswers,
        ClearOutput,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    # A kernel that has run its notebook owes nothing; the notebook is checked after all steps, not after each.
    settings.Execute.shutdown_kernel = "immediate"
    settings.Exporter.optimistic_validation = True
    settings.GenerateFeedback.exporter_class = FeedbackExporter
    settings.GenerateFeedback.preprocessors = [GetGradesAndWaiting]
    settings.ZipCollectApp.collector_plugin = CollectSent
    settings.FileNameCollectorPlugin.named_regexp = SENT
    settings.FileNameCollectorPlugin.valid_ext = [".ipynb", ".json", ".txt"]
