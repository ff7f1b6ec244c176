"""Any table from outside: delimited text, sheets, Parquet and databases, read in one way."""
