import pytest

from tilsyn.documents.numbers import numbers


def read(text: str, language: str = "da") -> list[str]:
    """Each number as "value unit", a part as "value/whole"."""
    return [
        f"{n.value}/{n.of}" if n.of else f"{n.value} {n.unit}".strip()
        for n in numbers(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("28,9 pct. og 28,9 %, 28.9%, 28,9pct. samt 29 procent", ["28.9 %"] * 4 + ["29 %"]),
        ("1.234 personer, 1 234 personer og 1234 personer", ["1234 per"] * 3),
        ("2022 personer i 2022", ["2022 per"]),
        ("23,5, 29,2 og 20,9 pct.", ["23.5 %", "29.2 %", "20.9 %"]),
        ("10-20 pct., 10–20 personer", ["10 %", "20 %", "10 per", "20 per"]),
        ("faldt fra 28,9 til 1,1 procentpoint", ["28.9 %", "1.1 %"]),
        ("seks ud af ti, 19 ud af 64 og 6 ud af hver 10", ["6/10", "19/64", "6/10"]),
        ("tre måneder, femogtyve personer, én samtale", ["3 mån", "25 per", "1 sam"]),
        ("en samtale og et tilbud", []),
        ("andelen blev 64. Kommunen", ["64"]),
        ("den 20 pct. grænse", ["20 %"]),
        ("§ 31, 28,9 pct.", ["28.9 %"]),
        ("100,0 pct.", ["100.0 %"]),
        ("1.234,5 kr.", ["1234.5 kr"]),
        ("6-måneders", ["6 mån"]),
    ],
)
def test_numbers_are_read_in_every_form_danish_is_written_in(text: str, found: list[str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("28.9%, 28.9 per cent and 1,234 persons", ["28.9 %", "28.9 %", "1234 per"]),
        ("six out of ten, six in ten; twenty-five persons", ["6/10", "6/10", "25 per"]),
        ("between 20 and 25%", ["20 %", "25 %"]),
        ("no one in the one group", []),
    ],
)
def test_and_in_english(text: str, found: list[str]) -> None:
    assert read(text, "en") == found


@pytest.mark.parametrize(
    "text",
    [
        "Den 29. august 2022, 29/8 2022, 29.08.2022, 29-08-2022, 2022-08-29 og den 29.",
        "1.-15. maj, august 2022, AUGUST 2022, i 2022, 2021-2022 og 2021/22",
        "i uge 12, 2. kvartal, 1. halvår, kl. 10.30 og kl. 9",
        "lovens § 15, stk. 2, nr. 3, §§ 31-33 og 36, § 31 a, kapitel 6 og artikel 3",
        "bekendtgørelse nr. 1234 af 25. juni 2020, lov nr. 548 af 7. maj 2019, LBK nr. 280",
        "sagsnr. 22/00000, j.nr. 2022-12345, Tabel 1, side 3 og bilag 2",
        "telefon 72 22 12 34, +45 72221234 eller 72221234",
        "Njalsgade 72A, 2300 København S; post12@example.org; www.example.org/1",
        "PDF/A-2a",
    ],
)
def test_dates_and_references_are_no_numbers(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    ["section 15(2), Act no. 548 of 7 May 2019, table 1", "August 29, 2022, 29th August and 10:30"],
)
def test_nor_are_they_in_english(text: str) -> None:
    assert read(text, "en") == []


def test_each_number_knows_its_place() -> None:
    text = "andelen var 28,9 pct. i maj"
    (one,) = numbers(text, "da")
    assert text[one.start : one.end] == "28,9 pct."
