"""Leading: from evidence to a plan to the documents that a school publishes, as one chain of records in a cycle."""
