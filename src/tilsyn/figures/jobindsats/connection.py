"""Calls to the API: one bounded answer a call, patient with the server, plain about refusals.

Nothing here prints or logs the token, and it is sent to no other host than the one configured.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import TracebackType

import httpx
import stamina

import tilsyn
from tilsyn.errors import InputError, NotAllowedError, TilsynError, UsageError
from tilsyn.figures.jobindsats.token import Token
from tilsyn.parsing import whole_number

BASE_URL = "https://api.jobindsats.dk"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what; seconds.

    Attributes:
        timeout: for a connection, for each piece of an answer, and (twice this) for all of it.
        attempts: how often a call is made before it is given up.
        wait: before the second attempt; doubled each time, up to `longest_wait`.
        longest_wait: also the longest ``Retry-After`` that is honoured; beyond it the call ends.
        most_bytes: the largest answer taken.
    """

    timeout: float = 180
    attempts: int = 6
    wait: float = 10
    longest_wait: float = 120
    most_bytes: int = 64 * 1024 * 1024


class Unavailable(TilsynError):
    """The server did not answer as it should, though it may do so later (exit code 3)."""

    exit_code = 3


class _Transient(Exception):
    """A failure worth another attempt.

    Attributes:
        after: seconds the server asks to wait; None where it does not say.
    """

    def __init__(self, message: str, after: float | None = None):
        self.message, self.after = message, after
        super().__init__(message)


@dataclass
class Connection:
    """A connection to the API; use it as a context.

    Args:
        token: the key; None for none.
        base_url: scheme and host; http only for this machine, since the key is sent along.

    Raises:
        UsageError: the address is none, or would send the key unprotected.
    """

    token: Token | None
    base_url: str = BASE_URL
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        try:
            self._base = httpx.URL(self.base_url.rstrip("/") + "/")
        except httpx.InvalidURL:
            raise UsageError(f"--url: '{self.base_url}' is no address") from None
        local = self._base.host in LOCAL_HOSTS
        if self._base.scheme != "https" and not (local and self._base.scheme == "http"):
            raise UsageError(
                f"--url: '{self.base_url}' must begin with https://, because the key is sent along"
            )
        headers = {
            "User-Agent": f"tilsyn/{tilsyn.__version__} (+supervision of the employment effort)",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token.secret}"
        # A proxy of the surroundings is not asked about this machine itself.
        self._client = httpx.Client(
            headers=headers,
            timeout=self.patience.timeout,
            follow_redirects=False,
            trust_env=not local,
        )

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def get(self, path: str, parameters: Mapping[str, str]) -> bytes:
        """The bytes of one answer.

        Args:
            path: below the base address, "v3/tables".
            parameters: of the call.

        Raises:
            NotAllowedError: the key is missing, wrong or not enough (401, 403).
            InputError: the API does not understand the call (422 and other refusals), or the
                answer is too large.
            Unavailable: it failed at every attempt.
        """
        patience = self.patience
        attempts = stamina.retry_context(
            on=lambda error: _wait_of(error, patience),
            attempts=patience.attempts,
            timeout=None,
            wait_initial=patience.wait,
            wait_max=patience.longest_wait,
            wait_jitter=patience.wait / 4,
        )
        try:
            for attempt in attempts:
                with attempt:
                    return self._once(path, parameters)
        except _Transient as error:
            tried = f" ({patience.attempts} attempts)" if patience.attempts > 1 else ""
            raise Unavailable(
                f"{self._base.host}, {path}: {error.message}{tried}; try again later, what was "
                "fetched is kept"
            ) from None
        raise AssertionError("no attempt was made")

    def _once(self, path: str, parameters: Mapping[str, str]) -> bytes:
        url = self._base.join(path)
        try:
            for _ in range(4):
                with self._client.stream("GET", url, params=parameters) as response:
                    if response.is_redirect:
                        url, parameters = self._redirected(response, path), {}
                        continue
                    body = self._body(response, path)
                    _refuse_failure(response, body, path)
                    return body
        except httpx.TimeoutException:
            raise _Transient(f"no answer within {self.patience.timeout:g} seconds") from None
        except httpx.HTTPError as error:
            # The message of some errors holds headers; its kind is enough.
            raise _Transient(f"the connection failed ({_kind_of(error)})") from None
        raise InputError("redirected in a circle", file=path)

    def _redirected(self, response: httpx.Response, path: str) -> httpx.URL:
        try:
            target = response.url.join(response.headers.get("location", ""))
        except httpx.InvalidURL:
            raise InputError("redirected to an address that is none", file=path) from None
        base = (self._base.scheme, self._base.host, self._base.port)
        if (target.scheme, target.host, target.port) != base:
            raise InputError(
                f"redirected to another host ({shown(target.host)}), which is not followed: the key "
                "would be sent there; check --url",
                file=path,
            )
        return target

    def _body(self, response: httpx.Response, path: str) -> bytes:
        """The answer, up to the most bytes and the longest time."""
        most, ends = self.patience.most_bytes, time.monotonic() + 2 * self.patience.timeout
        pieces, size = [], 0
        for piece in response.iter_bytes():
            pieces.append(piece)
            size += len(piece)
            if size > most:
                raise InputError(
                    f"the answer is larger than {most / 2**20:g} MB and was not taken; ask for "
                    "fewer periods at a time",
                    file=path,
                )
            if time.monotonic() > ends:
                raise _Transient(f"no whole answer within {2 * self.patience.timeout:g} seconds")
        return b"".join(pieces)


def _wait_of(error: Exception, patience: Patience) -> bool | float:
    """Whether to try again, and after how many seconds where the server says so."""
    if not isinstance(error, _Transient):
        return False
    if error.after is None:
        return True
    return error.after if error.after <= patience.longest_wait else False


def _kind_of(error: Exception) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__)
    return words.lower().removesuffix(" error")


def _refuse_failure(response: httpx.Response, body: bytes, path: str) -> None:
    """Raise what a status other than 200 means.

    The front of the service now and then refuses with a web page and answers a moment later; a
    refusal of the API itself is JSON with a cause.
    """
    status, cause = response.status_code, _cause(body)
    if status == 200:
        return
    if status == 429 or status >= 500 or (status == 403 and not cause):
        said = {
            429: "too many calls",
            403: "the service's front refused the call (403), which usually passes; if it stays, "
            "the key or the address of this machine may not be let in",
        }.get(status, f"the server failed ({status})")
        raise _Transient(said, _retry_after(response))
    if status == 401:
        raise NotAllowedError(
            f"{path}: the key was not accepted (401{cause}); set TILSYN_JOBINDSATS_TOKEN to the key "
            "as it was given, without 'Bearer', and see that it is one for version 3"
        )
    if status == 403:
        raise NotAllowedError(f"{path}: the key may not read this (403{cause}); ask for access")
    if status == 404:
        raise InputError(f"there is no such table or page (404{cause})", file=path)
    if status == 422:
        raise InputError(f"the API does not understand the call (422{cause})", file=path)
    raise InputError(f"the API answered {status}{cause}", file=path)


def _cause(body: bytes) -> str:
    """What the API itself says, as ": …"; empty where it says nothing."""
    try:
        value = json.loads(body[:65536].decode("utf-8-sig"))
        cause = value["cause"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return f": {shown(str(cause))}"


def shown(text: str, most: int = 300) -> str:
    """Text of a server made fit for one line: no control characters, not longer than `most`."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[:most] + " …"


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds the server asks to wait, from a number or a date."""
    text = response.headers.get("retry-after", "").strip()
    if (seconds := whole_number(text)) is not None:
        return float(seconds)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
