"""What stands in each kind of document; one module a kind, its sentences in ``texts/``."""
