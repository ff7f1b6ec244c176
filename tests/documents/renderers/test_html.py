from html import unescape
from html.parser import HTMLParser

from tests.documents.hedensted import letter
from tests.documents.renderers.forms import NASTY, everything
from tilsyn.documents.renderers.html import page


class Tags(HTMLParser):
    """All tags met, with their attributes; the tags still open."""

    VOID = frozenset({"meta", "br", "img", "col"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.met: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.met if name == tag]


def test_names_are_text_and_never_markup() -> None:
    html = page(everything()).decode()
    tags = Tags(html)
    assert tags.open == []
    # In the text 19 times as in the other forms, also in the title element, the footer and two alts.
    assert unescape(html).count(NASTY) == 19 + 4
    assert not {"emph", "script", "ærø"} & {name for name, _ in tags.met}


def test_every_number_is_announced_with_its_row_and_both_its_headings() -> None:
    tags = Tags(page(letter()).decode())
    named = {th["id"]: th for th in tags.all("th")}
    cells = tags.all("td")
    assert len(cells) == 7 * 6
    for cell in cells:
        scopes = [named[name]["scope"] for name in (cell["headers"] or "").split()]
        assert scopes == ["row", "colgroup", "col"]


def test_the_page_has_language_title_caption_and_one_first_heading() -> None:
    tags = Tags(page(letter()).decode())
    assert tags.all("html") == [{"lang": "da-DK"}]
    assert [len(tags.all(tag)) for tag in ("title", "caption", "h1", "main")] == [1, 1, 1, 1]


def test_only_the_flagged_row_is_marked() -> None:
    html = page(letter()).decode()
    rows = [row for row in html.split("<tr")[1:] if "breach" in row]
    assert len(rows) == 1 and "Sygedagpenge" in rows[0] and rows[0].count("breach") == 7


def test_the_page_fetches_nothing() -> None:
    html = page(everything()).decode()
    assert "http" not in html.replace("http://www.w3.org", "")
    sources = [image["src"] or "" for image in Tags(html).all("img")]
    assert [s[:14] for s in sources] == ["data:image/svg", "data:image/png"]
    assert all(image["alt"] for image in Tags(html).all("img"))
