"""What the program imports is in the lists an installation is made from, not only among the tests' own."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ROOT / "src" / "tilsyn"
SITE = ("site", "cases")
EXTRAS = {"keyring", "pyspark", "pandas", "psycopg"}
"""Asked for by whoever wants them; the program says what is missing without them."""


def imported(files):
    """The packages that modules import, wherever in them."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - EXTRAS - {"tilsyn"}


def listed(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {one.lower() for one in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def asked_for(part):
    """The packages that pyproject.toml itself names, here or in what everything needs."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = [re.search(rf"^{one} = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)[1] for one in part]
    return {
        re.split(r"[\[<>=~]", one)[0].lower() for one in re.findall(r'"([^"]+)"', "".join(lists))
    }


@pytest.mark.parametrize(
    ("of_the_site", "requirements", "parts"),
    [(False, "run.txt", ["dependencies"]), (True, "site.txt", ["dependencies", "site"])],
    ids=["the program", "the site"],
)
def test_what_is_imported_is_installed(of_the_site, requirements, parts):
    files = [
        file
        for file in ROOMS.rglob("*.py")
        # Commands that compose the site are of the site.
        if (file.relative_to(ROOMS).parts[0] in SITE) == of_the_site
        and file.relative_to(ROOMS).parts[0] != "cli"
    ]
    named, whole = packages_distributions(), listed(requirements)
    wanted = {
        package: {one.lower().replace("_", "-") for one in named[package]}
        for package in imported(files) - {"pydantic_core"}  # a part of pydantic itself
    }
    assert len(wanted) > 8
    assert [package for package, names in wanted.items() if not names & whole] == []
    # A package that comes along with another may stop coming.
    assert [package for package, names in wanted.items() if not names & asked_for(parts)] == []
