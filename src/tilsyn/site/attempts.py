"""How often somebody may try a password or a token: counted by account and by network, over all processes.

Each count is a vessel that an attempt fills by one part and time empties evenly. Counts have a table of
their own, so that nothing pushes them out, and it stays small whoever tries whatever: each user has a row,
and names that nobody has, as well as networks, share `SLOTS` rows each by a keyed hash.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from typing import NamedTuple

from allauth.account.utils import filter_users_by_email
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.http import HttpRequest

from tilsyn.site.models import Attempts

SLOTS = 1 << 16


class Counted(NamedTuple):
    """One count: its row, and what settings.ATTEMPTS allows it."""

    row: str
    kind: str

    @property
    def part(self) -> int:
        """Milliseconds in which one attempt is forgotten."""
        number, seconds = settings.ATTEMPTS[self.kind]
        return 1000 * int(seconds) // int(number)

    @property
    def room(self) -> int:
        """How full it may be before another attempt, in milliseconds."""
        return (int(settings.ATTEMPTS[self.kind][0]) - 1) * self.part


def of_sign_in(request: HttpRequest, address: str) -> list[Counted]:
    """What a sign-in with a name counts for: the reader's network first, then the account."""
    users = filter_users_by_email(address)
    # By the user and not by how his name is spelt: the database takes several spellings for one.
    account = f"user/{users[0].pk}" if users else _slot("name", address.strip().lower())
    return [_network(request, "network"), Counted(account, "account")]


def of_token(request: HttpRequest) -> list[Counted]:
    """What a wrong token counts for."""
    return [_network(request, "token")]


def take(counts: list[Counted]) -> bool:
    """Count an attempt; False where one of the counts is full, and nothing may be tried."""
    return all(_taken(one, round(time.time() * 1000)) for one in counts)


def give_back(counts: list[Counted]) -> None:
    """Forget an attempt that was none: the password was right."""
    for one in counts:
        Attempts.objects.filter(row=one.row).update(empty_at=F("empty_at") - one.part)


def forget() -> int:
    """Remove the counts that are empty by now; returns how many."""
    return Attempts.objects.filter(empty_at__lte=round(time.time() * 1000)).delete()[0]


def _taken(one: Counted, now: int) -> bool:
    # One statement asks and counts, so that of many at once no more come through than there is room for.
    free = Attempts.objects.filter(row=one.row, empty_at__lte=now + one.room)
    filled = Greatest(F("empty_at"), now) + one.part
    if free.update(empty_at=filled):
        return True
    if Attempts.objects.filter(row=one.row).exists():
        return False
    try:
        with transaction.atomic():
            Attempts.objects.create(row=one.row, empty_at=now + one.part)
    except IntegrityError:
        return bool(free.update(empty_at=filled))
    return True


def _network(request: HttpRequest, kind: str) -> Counted:
    """Of an IPv4 address, or of the /64 network of an IPv6 address: one household has that many."""
    address = ipaddress.ip_address(get_client_ip(request) or "::")
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    bits = 64 if address.version == 6 else 32
    return Counted(_slot(kind, str(ipaddress.ip_network((address, bits), strict=False))), kind)


def _slot(kind: str, text: str) -> str:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{kind}/{text}".encode(), "sha256")
    return f"{kind}/{int.from_bytes(digest[:8]) % SLOTS}"
