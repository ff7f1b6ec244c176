"""The forms, a module for each matter, with labels in both languages."""
