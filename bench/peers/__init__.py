"""The same question asked otherwise: a Polars streaming query, and a query a month on SQLite.

Both answer an easier question than the measure: every group's months pass from the run's start, no
run continues another benefit's, and nobody is exempted. What they leave out would slow them down.
"""
