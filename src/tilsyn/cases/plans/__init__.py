"""A municipality's call-in plans in its own installation: wished for, made beside the pages, and followed."""
