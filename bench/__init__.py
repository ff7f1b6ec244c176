"""Benchmarks: ratios measured in one run, with peers (``make bench``)."""
