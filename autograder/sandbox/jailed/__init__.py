"""JAILED SIDE. Everything in this folder runs where student code runs; nothing it says is believed."""
