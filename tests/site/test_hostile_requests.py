"""Whatever is sent to an address, nothing breaks: it is refused in words, or has no meaning."""

import random
from urllib.parse import quote

import pytest

from tests.site.addresses import addresses
from tilsyn.site.views import case

TEXTS = (
    "",
    "x",
    "²",
    "9" * 19,
    "9" * 5_000,
    "-1",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "1e999999999",
    "nan",
    "{}",
    "../x",
    "%s\r\n\u202e💥",
)
FIELDS = (
    "on month measure group page q like percent subject whose state course office sort form from to "
    "incoming membership held outcome note text matter target kind undo next language decision reason "
    "recipients p0 p1 password role scope email name assistance struck on_date area date reference "
    "first last matters_chosen follow_up_first follow_up_last restore_by first_day weeks goal margin "
    "goal_file other_goal capacity lines line_threshold provider status first_month last_month "
    "known_on offset limit"
).split()
ACTIONS = {
    "case-action": tuple(case.ACTIONS),
    "document-action": ("approve", "send", "revise", "other"),
    "user-action": ("grant", "revoke", "deactivate", "password", "other"),
}


@pytest.mark.parametrize("role", ["head", "officer", "administrator", "municipality"])
def test_nothing_sent_to_an_address_breaks_it(asking, role):
    chosen = random.Random(f"hostile {role}")
    client = asking.client(role)
    client.raise_request_exception = False
    for name, _, address in addresses(asking):
        for action in ACTIONS.get(name, ("",)):
            where = f"{address.rstrip('/').rpartition('/')[0]}/{action}/" if action else address
            if "logout" not in where:
                for ask in (client.get, client.post):
                    given = {field: chosen.choice(TEXTS) for field in FIELDS}
                    answer = ask(where, given)
                    assert answer.status_code < 500, (ask.__name__, where, given)


def test_no_word_in_an_address_breaks_it(own):
    client = own.client("head")
    client.raise_request_exception = False
    asked = "area measure group name code token action quarter office form".split()
    for text in TEXTS[1:]:
        for _, _, address in addresses(own, **dict.fromkeys(asked, quote(text, safe=""))):
            assert client.get(address).status_code < 500, address
    for number in ("9" * 19, "9" * 400, "9" * 5_000):
        for _, route, _ in addresses(own):
            address = route.replace("<int:number>", number).replace("<int:sequence>", number)
            assert client.get(address.replace("<str:action>", "note")).status_code < 500, address


@pytest.mark.parametrize("where", ["address", "query", "form", "name", "cookie", "api"])
def test_a_nul_is_not_understood(installation, where):
    client = installation.client("head")
    said = {
        "address": lambda: client.get("/municipalities/a%00b/"),
        "query": lambda: client.get("/worklist/?q=%00"),
        "form": lambda: client.post("/profile/", {"name": "a\0b"}),
        "name": lambda: client.post("/profile/", {"a\0b": "x"}),
        "cookie": lambda: client.get("/", headers={"cookie": 'sessionid="a\\000b"'}),
        "api": lambda: client.get("/api/figures?area=%00"),
    }[where]()
    assert said.status_code == 400


@pytest.mark.parametrize("sign", ["\x1b", "\x7f", "\uffff"])
def test_a_sign_that_no_text_holds_is_not_understood(installation, sign):
    client = installation.client("officer")
    address = f"/cases/{installation.case.pk}/note/"
    assert client.post(address, {"text": f"a{sign}b"}).status_code == 400
    assert client.get("/worklist/", {"q": sign}).status_code == 200


def test_words_breaks_of_lines_and_pages_are_line_ends(installation):
    address = f"/cases/{installation.case.pk}/note/"
    assert installation.client("officer").post(address, {"text": "a\x0bb\x0cc"}).status_code == 302
    event = installation.case.events.order_by("-sequence")[0]
    assert event.payload["text"].split() == ["a", "b", "c"]


@pytest.mark.parametrize("field", ["incoming", "membership", "to"])
@pytest.mark.parametrize("number", ["", "x", "²", "0", "9" * 5_000])
def test_a_wrong_number_in_a_form_is_not_found(installation, field, number):
    case, person = installation.case.pk, installation.people["municipality"].pk
    address = {
        "incoming": f"/cases/{case}/check/",
        "to": f"/cases/{case}/assign/",
        "membership": f"/administration/users/{person}/revoke/",
    }[field]
    client = installation.client("administrator" if field == "membership" else "officer")
    answer = client.post(address, {field: number})
    assert answer.status_code == (302 if field == "to" and not number else 404)


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("x", "/"),
        ("case", "/"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/worklist/?q=1", "/worklist/?q=1"),
    ],
)
def test_switching_the_language_goes_back_to_a_page_of_the_site_only(installation, back, to):
    answer = installation.client(None).post("/language/", {"next": back, "language": "en"})
    assert (answer.status_code, answer["Location"]) == (302, to)


def test_a_length_of_five_thousand_digits_is_no_defect(installation):
    client = installation.client("head")
    assert client.post("/language/", CONTENT_LENGTH="9" * 5_000).status_code < 500
    assert client.post("/language/", CONTENT_LENGTH="²").status_code < 500
