"""Heavy work: what is kept ready, so that it is made once."""
