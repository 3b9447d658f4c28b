"""One file a step. A new step: the next number, `down_revision` the one before, and the number added to REVISIONS."""
