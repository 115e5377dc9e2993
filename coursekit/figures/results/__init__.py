"""What the benchmarks measured: copies of `benchmarks/results/*.json` that ship with the package."""
