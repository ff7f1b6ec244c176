"""Documents: the tree, what stands in each kind of document, and its forms (PDF, Word, HTML)."""
