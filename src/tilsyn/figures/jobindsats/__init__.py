"""Jobindsats, the official statistics: its API (version 3), its answers, and how they become figures."""
