"""The call-in plan: who is called in, in which week, what it does to the figures, and how it gets on."""
