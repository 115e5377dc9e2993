"""The course's settings for nbgrader: its folders, and execution in the jail instead of a kernel.

`solutions/` is nbgrader's source and `exercises/` its release.
The folder that nbgrader is started in is the course root.
"""

c = get_config()  # noqa: F821 - traitlets defines it

c.CourseDirectory.course_id = "convolution"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# nbgrader's own list with Execute replaced: student code never runs where points are decided.
c.Autograde.autograde_preprocessors = [
    "autograder.execute.IsolatedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True  # a deleted test cell comes back and is graded
