"""The jail. Which side a file is on is the folder that it stands in.

trusted/   runs with the grader: builds the jail, sends cells and questions, checks every byte that returns
jailed/    runs inside the jail, in the same process as student code: nothing in it is believed
wire.py    both sides: the language between them
"""
