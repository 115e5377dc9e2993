"""Stacked layers, and how much of the input each neuron sees."""
