"""Published figures that come with the program: numbers and captions of real tables."""
