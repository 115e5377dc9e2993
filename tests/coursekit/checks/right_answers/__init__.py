"""Right answers in many styles: a module for each topic; its `RIGHT` maps a task to its answers."""
