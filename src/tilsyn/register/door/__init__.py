"""The door of a register: files are read or set aside, persons get pseudonyms, codes get numbers."""

from tilsyn.register.door.admission import Admission, Count
from tilsyn.register.door.entry import Persons, admit, size, throw_away_secret

__all__ = ["Admission", "Count", "Persons", "admit", "size", "throw_away_secret"]
