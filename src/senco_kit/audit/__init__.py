"""Rules of a self-audit: what it is, where it stands, what comes first, what moved. No widgets, no SQL."""
