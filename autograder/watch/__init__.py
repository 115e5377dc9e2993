"""TRUSTED: grades what is handed in as it arrives, and gives the feedback back.

places      where work arrives: nbgrader's exchange, a drop folder, submitted/
settling    waits until what arrives is there whole
journal     what arrived and whether its feedback was given, so that a killed watch goes on
errands     who is next: the newest work of each student, nobody before the others
desk        the lock, the gradebook and the results of one assignment, while it is graded
worker      in the worker processes: takes, grades, makes the page, gives it back
loop        puts all of it together
"""
