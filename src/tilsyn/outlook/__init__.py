"""The outlook: what the coming months' figures will be, from the register's own past."""
