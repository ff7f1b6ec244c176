"""Person-level registers: the contract of their tables, reading and setting aside, pseudonyms,
the person-clustered store, synthetic registers and reconstruction from published tables.
"""
