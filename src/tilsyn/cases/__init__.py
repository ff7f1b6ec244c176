"""Supervision cases: their steps, deadlines, events, documents, and who may see and do what."""
