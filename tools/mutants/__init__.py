"""Mutants of the solutions: one small slip each, to see whether the checks notice it.

operators   what slips there are: one function each
generate    from the source of a function to all its mutants
solutions   the solutions of the course, out of their notebooks
judge       which cases catch a mutant
equivalent  the table of mutants that no case can catch, with the reasons
"""
