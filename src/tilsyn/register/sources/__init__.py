"""Municipal sources: files of benefit refunds, income and contacts, written as a register's tables.

Each reader takes files as they are delivered and writes CSV tables of the register's contract. The
person column stays as it came; the register's door makes pseudonyms of it. What cannot be read, and
codes nobody has mapped, are set aside with the reason and counted; nothing is dropped in silence.
"""
