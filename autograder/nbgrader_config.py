"""The course's folders for nbgrader: `solutions/` is its source, `exercises/` its release.

The folder that nbgrader is started in is the course root.
"""

c = get_config()  # noqa: F821 - traitlets defines it

c.CourseDirectory.course_id = "convolution"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
