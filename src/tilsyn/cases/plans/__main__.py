"""A process of its own that makes a plan: ``python -m tilsyn.cases.plans NUMBER``; started by the site."""

from __future__ import annotations

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilsyn.site.settings")
    # Pages go first.
    os.nice(10)
    django.setup()
    from tilsyn.cases.plans.working import work

    work(int(sys.argv[1]))
