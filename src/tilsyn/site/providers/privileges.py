"""Privilege lists: which rights a user has for which organisation (OIO Basic Privilege Profile 1.1).

So the municipalities' access administration tells what a user may do, through the Context Handler: a SAML
attribute with base64 of

    <bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile">
      <PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:29189587">
        <Privilege>http://tilsyn.example.dk/roles/usersystemrole/officer/1</Privilege>
      </PrivilegeGroup>
    </bpp:PrivilegeList>
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

CVR = "urn:dk:gov:saml:cvrNumberIdentifier:"
MOST = 256 * 1024
"""Bytes a list may have; a user's own is a few thousand."""


class Privilege(NamedTuple):
    """A right.

    Attributes:
        name: the privilege's own.
        organisation: the CVR number it holds for; empty where its scope is of another kind.
        narrowed_by: names of constraints that narrow it further.
    """

    name: str
    organisation: str
    narrowed_by: tuple[str, ...]


def read_privileges(encoded: str) -> list[Privilege]:
    """The rights in a list.

    Args:
        encoded: base64 of the XML, possibly on several lines.

    Raises:
        ValueError: it is not such a list, too large, or holds what can make a reader of XML do harm.
    """
    if len(encoded) > MOST:
        raise ValueError("is too large")
    try:
        text = base64.b64decode("".join(encoded.split()), validate=True)
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except (binascii.Error, ParseError, DefusedXmlException) as error:
        raise ValueError(f"cannot be read: {error}") from None
    if _local(root) != "PrivilegeList":
        raise ValueError(f"is a {_local(root)} and no PrivilegeList")
    return [one for group in root if _local(group) == "PrivilegeGroup" for one in _of(group)]


def _of(group: Element) -> Iterator[Privilege]:
    scope = group.get("Scope", "")
    organisation = scope.removeprefix(CVR) if scope.startswith(CVR) else ""
    narrowed = tuple(one.get("Name", "?") for one in group if _local(one) == "Constraint")
    for one in group:
        if _local(one) == "Privilege" and one.text:
            yield Privilege(one.text.strip(), organisation, narrowed)


def _local(element: Element) -> str:
    # Lists are seen with and without their namespace on the inner elements.
    return str(element.tag).rpartition("}")[2]
