"""How the kernel's functions are compiled."""

from numba import njit

# The kernel allocates nothing, so numba need not count references to arrays (`_nrt`): counting them
# at every call, with threads contending for the same counters, costs ten times what the kernel does.
compiled = njit(nogil=True, cache=True, _nrt=False)
"""Compiled without the interpreter lock and without reference counting, cached on disk."""
