"""A class to try the grader on: right answers in several styles, common mistakes, accidents and cheaters.

answers.py     what each student wrote
build.py       puts the answers into the students' notebook, as files in submitted/
__main__.py    `make demo`: lays out a course with this class in demo/ and grades it
"""
