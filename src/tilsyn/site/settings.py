"""Settings, read from the environment. Without any, the site is strict and keeps its data in ./tilsyn-data.

| variable | |
|---|---|
| `SECRET_KEY` | signs sessions; default: the file `secret_key` in the data folder |
| `DATABASE_URL` | `postgresql://…`; default: an SQLite file in the data folder |
| `DATA_DIR` | releases, documents, outgoing mail; default `tilsyn-data` |
| `HANDOVER_DIR` | a folder where each letter sent is put too, for the authority's own case system; default none |
| `OWN` | the folder of the installation's own data ([its shape](../how-to/own-folder.md)); default `DATA_DIR/own`, where `DATA_DIR` is set and has one |
| `INSTALLATION` | `agency` (default) or `municipality` |
| `REGISTER` | a municipality's own register: the store made by `tilsyn register load`; default none, and no outlook |
| `ALLOWED_HOSTS` | names the site answers to, parted by commas; default this machine |
| `LOCAL` | `1`: plain http on this machine, for trying out; never in production |
| `BEHIND_PROXY` | `1`: a proxy ends TLS, sets X-Forwarded-Proto and adds to X-Forwarded-For |
| `EMAIL_URL` | `smtp://user:password@host:587`; default: mail is written to files |
| `EMAIL_FROM` | the sender of mail |
| `SIGN_IN_FILE` | a TOML file of OpenID Connect and SAML providers, and which claims give which roles |
| `PROTECTION_KEY_FILE` | the secret key that figures measured from a register are protected with; default: the file `protection_key` in the data folder |
| `SMALLEST_SHOWN` | the smallest count measured from a register that others are shown; default 3 |
| `CLOSED_DAYS` | days off of the offices' own, parted by commas ("2026-05-15,2026-12-23"): nothing is due on them |
| `LOG_FORMAT` | `json`: the log is a JSON object a line; default `plain` |
| `METRICS_TOKEN` | the bearer token by which `/metrics` is read; default none, and no such page |
| `TODAY` | the day it is, for a demonstration on old figures; default the real one |
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tilsyn.errors import UsageError
from tilsyn.protection import Parameters, keys
from tilsyn.site.logs import formatter
from tilsyn.site.providers.configuration import read_sign_in

# Writers queue instead of failing half-way; what is committed survives a crash of the machine.
_SQLITE = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def database(address: str, data: Path) -> dict[str, Any]:
    """The settings of one database.

    Args:
        address: "postgresql://user:password@host:port/name?sslmode=require" or
            "sqlite:///file"; empty for an SQLite file in the data folder.
        data: the data folder.

    Raises:
        UsageError: the address is of another kind.
    """
    if not address:
        return _sqlite(data / "tilsyn.sqlite3")
    try:
        parts = urlsplit(address)
        port = str(parts.port or "")
    except ValueError:
        raise UsageError(
            "DATABASE_URL is no address: see its host, port and brackets; write "
            "postgresql://user:password@host:5432/name"
        ) from None
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme not in ("postgres", "postgresql"):
        raise UsageError(
            f"DATABASE_URL begins with '{parts.scheme}:'; write postgresql://user:password@host/name "
            "or sqlite:///file"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # A socket's folder stands in the query ("?host=/run/postgresql"), as PostgreSQL's own tools have it.
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": dict(_SQLITE)}


def _days(name: str) -> frozenset[dt.date]:
    given = filter(None, os.environ.get(name, "").replace(" ", "").split(","))
    try:
        return frozenset(map(dt.date.fromisoformat, given))
    except ValueError as error:
        raise UsageError(f"{name}: {error}; write days as 2026-05-15, parted by commas") from None


HERE = Path(__file__).parent
DATA_DIR = Path(os.environ.get("DATA_DIR", "tilsyn-data")).absolute()
LOCAL = os.environ.get("LOCAL") == "1"
INSTALLATION = os.environ.get("INSTALLATION", "agency")
if INSTALLATION not in ("agency", "municipality"):
    raise UsageError(f"INSTALLATION is '{INSTALLATION}'; it is agency or municipality")
REGISTER = os.environ.get("REGISTER", "")
PROTECTION = Parameters.chosen(keys.place(DATA_DIR))
CLOSED_DAYS = _days("CLOSED_DAYS")
TODAY = dt.date.fromisoformat(os.environ["TODAY"]) if os.environ.get("TODAY") else None


def _secret() -> str:
    """The signing key; a process without one makes its own, and sessions end with it."""
    kept = DATA_DIR / "secret_key"
    if key := os.environ.get("SECRET_KEY"):
        return key
    return kept.read_text().strip() if kept.is_file() else secrets.token_urlsafe(64)


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

SIGN_IN = read_sign_in(os.environ.get("SIGN_IN_FILE", ""))
INSTALLED_APPS = [
    "tilsyn.site",
    "tilsyn.cases",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tilsyn.site.security.content_security_policy",
    "tilsyn.site.answers.in_one_shape",
    "tilsyn.site.security.without_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tilsyn.site.language.reader_language",
    "tilsyn.site.security.limited_request",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tilsyn.site.signing_in.SigningInMiddleware",
]
ROOT_URLCONF = "tilsyn.site.urls"
WSGI_APPLICATION = "tilsyn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "tilsyn.site.templatetags.words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tilsyn.site.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counted over all processes, so the cache stands in the database; attempts to get in have their own table.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# What watches asks on the machine itself, behind the proxy that ends TLS.
SECURE_REDIRECT_EXEMPT = ["^health$", "^metrics$"]
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_ADAPTER = "tilsyn.site.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ATTEMPTS = {"account": (5, 5 * 60), "network": (10, 60), "token": (20, 60)}
"""So many failed attempts in so many seconds: to one account, from one network, with wrong tokens."""
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ADAPTER = "tilsyn.site.accounts.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = SIGN_IN.as_allauth_has_them()
# A form that leads to a provider's page would be stopped by our own policy (form-action), so it is a link.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_EMAIL_REQUIRED = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

SECURE_SSL_REDIRECT = not LOCAL
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not LOCAL
SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tilsyn.site.views.failures.forged"
if os.environ.get("BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Attempts to sign in are counted by the reader's own address, which the proxy adds last.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOADS_AT_ONCE = 5
REQUEST_MAX_BYTES = UPLOADS_AT_ONCE * UPLOAD_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
"""A larger request is not read at all: whoever sends it, it would be written to the disk first."""

MESSAGE_TAGS = {10: "info", 20: "info", 25: "success", 30: "warning", 40: "error"}
LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = LOCAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Without a mail server every message becomes a file (see tilsyn.cases.delivery).
_MAIL = urlsplit(os.environ.get("EMAIL_URL", ""))
HANDOVER_DIR = os.environ.get("HANDOVER_DIR", "")
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_PORT = _MAIL.port or 587
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_TLS = _MAIL.scheme in ("smtp", "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "tilsyn@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": formatter()}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "loggers": {
        "tilsyn": {"handlers": ["stderr"], "level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING"},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
