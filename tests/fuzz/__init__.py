"""The three parsers that read what a student's process or file says, under a fuzzer. See README.md."""
