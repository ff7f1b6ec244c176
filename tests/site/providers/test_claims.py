"""Which roles claims give: groups, and the municipalities' privilege lists."""

import base64
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.cases.models import User
from tilsyn.cases.roles import Grant
from tilsyn.site.accounts import ProviderAdapter
from tilsyn.site.providers.claims import grants_of
from tilsyn.site.providers.configuration import Memberships
from tilsyn.site.providers.privileges import MOST, Privilege, read_privileges

OFFICER, READER = "http://tilsyn.example/roles/officer/1", "http://tilsyn.example/roles/reader/1"
GROUPS = Memberships(
    claim="groups",
    values={"tilsyn-officer-amk-oest": "officer amk oest", "tilsyn-head": "approver country"},
)
LISTS = Memberships(
    claim="privileges",
    privileges=True,
    values={OFFICER: "officer municipality", READER: "reader municipality"},
    organisations={"29189587": "766", "29188440": "630"},
)
GROUP = '<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{}">{}</PrivilegeGroup>'


def privilege_list(*groups, before=""):
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<bpp:PrivilegeList xmlns:bpp="http://itst.dk/oiosaml/basic_privilege_profile">'
        f"{''.join(groups)}</bpp:PrivilegeList>"
    )
    return base64.encodebytes(text.encode()).decode()


def group(cvr, *privileges, constraint=""):
    return GROUP.format(
        cvr, constraint + "".join(f"<Privilege>{one}</Privilege>" for one in privileges)
    )


@pytest.mark.parametrize(
    "told", ["tilsyn-head", ["tilsyn-head"], ["x", "tilsyn-head", "tilsyn-head"]]
)
def test_a_group_gives_its_role(told):
    granted, _ = grants_of({"groups": told}, GROUPS)
    assert granted == {Grant("approver", "country", "dk")}


@pytest.mark.parametrize(
    "claims", [{}, {"groups": None}, {"groups": []}, {"roles": ["tilsyn-head"]}]
)
def test_no_claim_gives_nothing(claims):
    assert grants_of(claims, GROUPS) == (frozenset(), [])


def test_a_provider_without_rules_gives_nothing():
    assert grants_of({"groups": ["tilsyn-head"]}, None) == (frozenset(), [])


@given(st.lists(st.text() | st.sampled_from(sorted(GROUPS.values)) | st.integers() | st.none()))
def test_whatever_is_told_gives_only_what_the_rules_name_and_the_rest_is_reported(told):
    granted, ignored = grants_of({"groups": told}, GROUPS)
    assert granted == {GROUPS.values[one] for one in told if one in GROUPS.values}
    assert len(ignored) == sum(one not in GROUPS.values for one in told)
    # A line of the log stays one line, whatever a provider sends.
    assert all("\n" not in words for words in ignored)


@pytest.mark.parametrize("before", [150, 188, 193, 199])
def test_a_claim_is_masked_before_it_is_cut(before):
    _, (words,) = grants_of({"groups": "x" * before + " 010190-1234"}, GROUPS)
    assert not re.search("[0-9]", words)


@pytest.mark.parametrize("before", [100, 108, 113, 119])
def test_the_name_a_provider_gives_is_masked_before_it_is_cut(before):
    login = SimpleNamespace(user=User())
    ProviderAdapter().populate_user(None, login, {"name": "x" * before + " 010190-1234"})
    assert login.user.name and not re.search("[0-9]", login.user.name)


def test_a_privilege_is_for_the_municipality_whose_number_it_stands_with():
    told = privilege_list(group("29189587", OFFICER), group("29188440", READER, OFFICER))
    granted, ignored = grants_of({"privileges": [told]}, LISTS)
    assert granted == {
        Grant("officer", "municipality", "766"),
        Grant("reader", "municipality", "630"),
        Grant("officer", "municipality", "630"),
    }
    assert not ignored


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (group("29189587", "http://another.example/right"), "gives nothing here"),
        (group("11111111", OFFICER), "CVR number '11111111'"),
        (
            group("29189587", OFFICER, constraint='<Constraint Name="http://sts/KLE/1">15.20</Constraint>'),
            "narrowed by 'http://sts/KLE/1'",
        ),
        (f'<PrivilegeGroup Scope="urn:dk:gov:saml:productionUnitIdentifier:1"><Privilege>{OFFICER}</Privilege></PrivilegeGroup>', "CVR number ''"),
    ],
    ids=["unknown", "municipality", "constraint", "scope"],
)  # fmt: skip
def test_a_privilege_that_is_not_for_here_gives_nothing_and_is_reported(made, words):
    granted, ignored = grants_of({"privileges": privilege_list(made)}, LISTS)
    assert granted == frozenset()
    assert len(ignored) == 1 and words in ignored[0]


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    "told",
    [
        "%%%",
        base64.b64encode(b"<a").decode(),
        base64.b64encode(b"<a/>").decode(),
        privilege_list(group("29189587", OFFICER), before=BOMB),
        "A" * (MOST + 4),
    ],
    ids=["no base64", "no XML", "no list", "entities", "too large"],
)
def test_a_list_that_cannot_be_read_gives_nothing_and_is_reported(told):
    with pytest.raises(ValueError):
        read_privileges(told)
    granted, ignored = grants_of({"privileges": told}, LISTS)
    assert granted == frozenset()
    assert len(ignored) == 1 and "privilege list" in ignored[0]


def test_a_list_is_read_with_namespaces_on_every_element_too():
    text = (
        '<p:PrivilegeList xmlns:p="http://itst.dk/oiosaml/basic_privilege_profile"><p:PrivilegeGroup '
        f'Scope="urn:dk:gov:saml:cvrNumberIdentifier:29189587"><p:Privilege> {OFFICER}\n</p:Privilege>'
        "</p:PrivilegeGroup></p:PrivilegeList>"
    )
    assert read_privileges(base64.b64encode(text.encode()).decode()) == [
        Privilege(OFFICER, "29189587", ())
    ]
