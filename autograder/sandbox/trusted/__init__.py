"""TRUSTED SIDE. Nothing in this folder is visible inside the jail."""
