"""Measurements that the documentation quotes; each module writes its section of docs/benchmarks.md."""
