"""The per-person kernel: pure functions over the arrays of one bucket of persons.

Compiled with numba and cached on disk; with ``NUMBA_DISABLE_JIT=1`` the same code runs as plain
Python and counts the same.
"""
