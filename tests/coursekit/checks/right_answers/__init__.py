"""Right answers in many styles: one module for each topic, with `RIGHT`, from a task's name to its answers."""
