"""What every demo is made of. See the README of `coursekit/widgets`."""
