"""Engines: who hands the parts of a store to the kernel. All count the same."""
