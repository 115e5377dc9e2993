"""What benchmarks of this course measured: copies of `benchmarks/results/*.json` that ship with the package."""
