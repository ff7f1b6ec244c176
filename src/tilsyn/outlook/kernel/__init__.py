"""What is done for each person in each simulation, compiled."""
