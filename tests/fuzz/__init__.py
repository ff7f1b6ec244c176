"""Whatever is put into the program is taken, or refused in one line: nothing breaks, nothing is half written.

`python -m tests.fuzz --inputs 20000 --seed 1` makes inputs from good ones that are changed, and by the
forms that inputs have; prints how many of each kind there were and how they ended; and names every failure
with what makes it again (`--only KIND:NUMBER`). A seeded part stands in the suite.
"""
