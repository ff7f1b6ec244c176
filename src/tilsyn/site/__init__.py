"""The Django project: settings, addresses, pages and API."""
