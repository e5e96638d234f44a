"""Ratios of srcad's gradients over gradients written by hand: `python -m benchmarks --help`."""
