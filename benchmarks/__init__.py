"""Each benchmark compares with a peer in the same run and prints a ratio. `make bench` runs them all."""
