"""TRUSTED: grades for other systems, out of nbgrader's gradebook: Canvas, Moodle, a spreadsheet.

`autograder export` and nbgrader's own `nbgrader export --exporter=...` run the same code.
"""
