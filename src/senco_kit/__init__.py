"""SENCO Course Kit: a course, invented schools and a professional-standards self-audit for SENCOs in England."""

__version__ = "0.1.0"
