"""The conventions on which books and libraries differ, as one switch for all demos."""
