"""The careless class: what real students hand in by accident, and what a fair instructor gives for it.

Every function in `cells`, `files`, `names`, `beside` and `code` is one student. Its name says what happened,
its docstring what is fair, its decorator how the grading ends: the status, the points of 11, and words of the
sentence that the student reads. The principle: what a person could still read or put in order is graded, with
a note; what a function means is never guessed; who follows the rules gets no note at all.
"""
