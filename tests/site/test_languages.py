"""Every text stands in both languages: nothing a reader sees is outside what is translated."""

import html
import re
from pathlib import Path

import pytest

import tilsyn.site
from tests.site.addresses import POSTED, addresses
from tilsyn.rules import shipped

SITE = Path(tilsyn.site.__file__).parent
TEMPLATES = sorted(SITE.glob("templates/**/*.html"))
# Names and signs that are the same in both, and the two pages that show both at once.
SAME = {
    "Tilsyn",
    "CSV",
    "Excel",
    "PDF",
    "Word",
    "API",
    "E-mail",
    "SHA-256",
    "English",
    "Dansk",
    "dansk",
    "Kommune",
}
BOTH_AT_ONCE = {"away.html", "broken.html"}
TRANSLATED = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)


@pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda t: str(t.relative_to(SITE / "templates"))
)
def test_a_template_says_nothing_in_one_language_only(template):
    if template.name in BOTH_AT_ONCE:
        pytest.skip("shows both languages at once")
    text = template.read_text(encoding="utf-8")
    outside = TRANSLATED.sub(" ", text)
    # What a program reads or a user types is the same in every language.
    outside = re.sub(r"<code.*?</code>", " ", outside, flags=re.DOTALL)
    outside = re.sub(r"{%.*?%}|{{.*?}}|<!--.*?-->", " ", outside, flags=re.DOTALL)
    shown = re.sub(r"<[^>]*>", " ", outside, flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', outside)
    words = re.findall(r"[^\W\d_][\w-]+", " ".join([shown, *attributes]))
    assert not [word for word in words if word not in SAME]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_page_is_in_the_language_chosen(installation, language):
    client = installation.client("officer")
    client.cookies["django_language"] = language
    page = client.get("/worklist/").content.decode()
    assert f'<html lang="{language}">' in page
    assert ("Mine sager" in page) == (language == "da")
    assert ("My cases" in page) == (language == "en")


def test_danish_also_where_the_browser_asks_for_english(installation):
    page = installation.client(None).get("/accounts/login/", headers={"Accept-Language": "en"})
    assert '<html lang="da">' in page.content.decode()


# Small words that every text of some length holds, and that are no word of the other language.
TELLTALE = {
    "da": frozenset("og ikke der den som eller skal af på med er det til".split()),
    "en": frozenset("the and of not is with which been are this your".split()),
}


def _titles():
    return {s.title for rule in shipped() for version in rule.version for s in version.source}


def _foreign(page, language):
    """The telltale words of the other language on a page, with what stands around them."""
    other = "en" if language == "da" else "da"
    page = re.sub(r"<(head|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    # What is quoted, or marked as being in the other language, is meant to be.
    page = re.sub(r"<blockquote.*?</blockquote>", " ", page, flags=re.DOTALL)
    page = re.sub(rf'<(\w+)[^>]* lang="{other}"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", " ", page))
    # An explanation names the rule's source by its own title.
    for title in _titles():
        text = text.replace(title, " ")
    words = text.split()
    return [
        " ".join(words[max(0, place - 4) : place + 5])
        for place, word in enumerate(words)
        if word.strip(".,:;()»«").lower() in TELLTALE[other]
    ]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("role", ["head", "administrator", "municipality"])
def test_no_page_holds_words_of_the_other_language(installation, settings, role, language):
    settings.INSTALLATION = "municipality" if role == "municipality" else "agency"
    client = installation.client(role)
    client.cookies["django_language"] = language
    found = {}
    for name, _, address in addresses(installation):
        if name in POSTED or name.endswith("logout"):
            continue
        answer = client.get(address)
        if not answer["Content-Type"].startswith("text/html") or name == "document-file":
            continue
        if foreign := _foreign(answer.content.decode(), language):
            found[address] = foreign
    assert not found
