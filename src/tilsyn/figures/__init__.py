"""Figures: the figure table, releases and their vintages, readers of published tables."""
