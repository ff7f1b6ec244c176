"""The search for the best plan: patterns of weeks chosen by linear programming; numbers only."""
