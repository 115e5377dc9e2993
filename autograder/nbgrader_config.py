"""The course's settings for nbgrader: its folders, and execution in the jail instead of a kernel.

`solutions/` is nbgrader's source and `exercises/` its release.
The folder that nbgrader is started in is the course root.
"""

c = get_config()  # noqa: F821 - traitlets defines it

c.CourseDirectory.course_id = "convolution"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"

# A submitted file is read and put in order as `autograder grade` does: nothing is left to sanitize.
c.Autograde.exporter_class = "autograder.execute.SubmissionExporter"
c.Autograde.pre_convert_hook = "autograder.execute.add_renamed_notebooks"
c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.CheckCellMetadata"]
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

# The students' page: no script, no other address, and what is still to be graded by hand.
c.GenerateFeedback.exporter_class = "autograder.feedback_page.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["autograder.feedback.GradesForStudents"]
c.GenerateFeedback.post_convert_hook = "autograder.feedback.make_releasable"

# From the exchange: only what a student handed in under their own name, and no links.
c.ExchangeFactory.collect = "autograder.exchange.CollectOwn"

# `nbgrader zip_collect` understands the zips of Moodle and of Canvas: docs/collecting.md.
c.ZipCollectApp.collector_plugin = "autograder.collect.LmsCollector"
# What is in them is unpacked with bounds, under its own folder, without links.
c.ZipCollectApp.extractor_plugin = "autograder.extract.SafeExtractor"
