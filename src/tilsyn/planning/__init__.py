"""Planning: what the coming months' figures will be, and who to call in by when."""
