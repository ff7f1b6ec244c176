"""From a person-clustered store to figures: definitions, the per-person kernel, and its engines."""
