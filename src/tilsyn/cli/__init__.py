"""The command ``tilsyn``: thin commands that compose the rooms."""
