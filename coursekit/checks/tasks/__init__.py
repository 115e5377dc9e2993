"""The tasks, one folder per exercise and one file per function that a student writes."""
