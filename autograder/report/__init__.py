"""TRUSTED: what an instructor reads: the table in the terminal and the class report."""
