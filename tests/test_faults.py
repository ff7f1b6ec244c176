"""Small inputs that once gave a wrong answer without a word, each by the commands a user would give."""

import shutil
from pathlib import Path

import polars as pl
import pytest

FAULTS = Path(__file__).parent / "faults"
KNOWN = "--known-on=2024-02-15"
ABSENT = ("--empty=offers", "--empty=hours", "--empty=exemptions")


@pytest.fixture
def do(tilsyn, tmp_path, monkeypatch):
    """Run a command in a folder that holds the inputs."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(FAULTS, tmp_path, dirs_exist_ok=True)
    return lambda command, *more: tilsyn(*command.split(), *more)


@pytest.fixture
def refused(do):
    """A command is refused in one line, and its target is not there; returns the line."""

    def told(command, *more, target="out", code=3):
        ended = do(command, *more)
        assert (ended.code, Path(target).exists()) == (code, False), ended
        (line,) = (line for line in ended.err.splitlines() if not line.startswith("Note: "))
        return line

    return told


@pytest.fixture
def figures(do):
    """The figures of a file that is read: statistic, group, category and month to value or status."""

    def read(file, *more):
        ended = do(f"figures read {file} --into r", *more)
        assert ended.code == 0, ended
        return ended.err, {
            (row["statistic"], row["grp"], row["category"], str(row["month"])[:7]): row["value"]
            if row["status"] in ("value", "zero")
            else row["status"]
            for row in pl.read_parquet("r/figures.parquet").iter_rows(named=True)
        }

    return read


def test_the_number_format_of_each_cell_says_whether_it_is_per_cent(figures):
    _, found = figures("percent-one-row.xlsx", "--published=2023-05-01")
    assert found["share", "sygedagpenge", "", "2023-01"] == 25.0
    assert found["share", "total", "", "2023-03"] == 24.2
    assert min(found.values()) > 10


def test_formulas_without_a_stored_value_are_named(refused):
    line = refused("figures read formula-uncached.xlsx --published 2023-05-01 --into out")
    assert "formulas without a stored value (sheet Ark1: B4, C4 and D4)" in line


def test_fractions_are_refused_where_no_numbers_of_persons_prove_them(refused, figures):
    assert "shares look like fractions: 0,28 (row 2)" in refused(
        "figures read fractions-tidy.csv --into out"
    )
    rows = Path("fractions-tidy.csv").read_text("utf-8").splitlines()[:2]
    proof = [
        rows[1].replace(";share;", f";{statistic};").replace("0,28", number)
        for statistic, number in (("population", "100"), ("unmet", "28"))
    ]
    Path("proven.csv").write_text("\n".join([*rows, *proof]), "utf-8")
    said, found = figures("proven.csv")
    assert found["share", "total", "", "2022-05"] == 28.0 and "»0,28« er 28,0" in said


def test_a_month_that_had_not_ended_on_the_day_of_publication_is_refused(refused):
    line = refused("figures read published-before-months.csv --into out")
    assert "row 2: 2023-01 had not ended on 2022-05-15, the day of publication" in line


def test_months_not_over_on_the_day_known_on_are_not_measured(refused):
    line = refused(
        "measure register-future-months --from 2023-01 --to 2024-08 --out out", KNOWN, *ABSENT
    )
    assert "the last month that can be measured is 2024-01" in line


def test_a_table_whose_dates_cannot_be_read_stops_the_run(refused):
    line = refused(
        "measure register-danish-dates --from 2023-01 --to 2023-12 --out out", KNOWN, *ABSENT
    )
    assert "conversations: 48 of 48 rows set aside, more than 5 %" in line
    assert "column held ('15-02-2023')" in line


def test_a_closed_group_is_not_available_and_a_value_of_it_is_an_anomaly(figures):
    said, found = figures("closed-group-answer.json", "--published=2026-04-01")
    closed = {v for (_, grp, _, _), v in found.items() if grp == "uddannelseshjaelp"}
    assert closed == {"not_available"} and not said
    assert found["unmet", "kontanthjaelp", "", "2026-02"] == 7
    answer = Path("closed-group-answer.json").read_text("utf-8")
    empty, given = '"2025M12","Ishøj","Uddannelseshjælp",null,null,null', '"2025M12","Ishøj","Uddannelseshjælp",10,2,20.0'  # fmt: skip
    assert empty in answer
    Path("given.json").write_text(answer.replace(empty, given), "utf-8")
    shutil.rmtree("r")
    said, _ = figures("given.json", "--published=2026-04-01")
    assert "»Uddannelseshjælp« har tal for december 2025" in said


def test_persons_by_number_that_stand_as_columns_are_read(figures):
    said, found = figures("wide-categories-answer.json", "--published=2026-05-20")
    persons = {category: v for (what, _, category, _), v in found.items() if what == "persons"}
    assert persons == {"0": "suppressed", "1": 4, "2": 9, "3+": 25}
    assert found["population", "a_dagpenge", "", "2026-04"] == 40
    assert "Andel personer fordelt på antal afholdte jobsamtaler : 3+" in said


def test_measures_of_the_same_persons_are_protected_together(do):
    assert do("figures read same-population.csv --published 2023-10-01 --into own").code == 0
    assert do("figures protect own --out pub").code == 0
    assert "0 of 54 hidden cells can be computed" in do("figures audit pub").out
    five = pl.read_parquet("pub/figures.parquet").filter(
        pl.col("statistic") == "population", pl.col("grp") == "total"
    )
    # What one measure shows of the persons both count, the other need not hide, and the other way round.
    assert five.height == 2 and five["status"].n_unique() == 1


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("foreign-jsonstat.json", "not of these figures: it has no dimension measure, statistic, group or month (its dimensions are area and time)"),
        ("tidy-without-measure.csv", "row 1: the column measure is missing"),
    ],
)  # fmt: skip
def test_what_is_missing_of_a_table_is_named(refused, file, says):
    assert says in refused(f"figures read {file} --published 2023-05-15 --into out")


@pytest.mark.parametrize(
    ("file", "group", "shares"),
    [
        ("month-heads-short.txt", "total", {"2023-01": 25.8, "2023-02": 24.7, "2023-03": 24.2}),
        ("official-name.txt", "sygedagpenge", {"2023-01": 12, "2023-02": 3, "2023-03": 4}),
        ("tidy-in-spreadsheet.xlsx", "sygedagpenge", {"2023-01": 23.5, "2023-02": 29.2}),
    ],
)
def test_tables_as_people_have_them_are_read(figures, file, group, shares):
    _, found = figures(file, "--published=2023-05-01")
    assert {month: v for (_, grp, _, month), v in found.items() if grp == group} == shares


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Københavns Kommune", "101"),
        ("Bornholms Regionskommune", "400"),
        ("Køge Kommune", "259"),
    ],
)
def test_official_names_are_the_municipalities(figures, name, code):
    text = (FAULTS / "official-name.txt").read_text("utf-8")
    Path("named.txt").write_text(text.replace("Københavns Kommune", name), "utf-8")
    figures("named.txt", "--published=2023-05-01")
    assert pl.read_parquet("r/figures.parquet")["area"].unique().to_list() == [code]


def test_a_title_in_one_language_is_refused(refused):
    line = refused("rules check rule-title-one-language.toml")
    assert "title: say it in both languages, da and en; 'en' is missing" in line


def test_sentences_that_are_missing_are_named_before_anything_is_judged(refused):
    Path("own/rules").mkdir(parents=True)
    file = shutil.copy("rule-sentences-missing.toml", "own/rules")
    says = "sentences are missing: da.met, en.met"
    assert says in refused(f"rules check {file}")
    judge = "judge rule-sentences-met.csv --on 2022-05-15 --rule early_warning"
    assert says in refused(judge, "--own", "own")


def test_a_measure_of_ones_own_needs_words_and_is_measured_with_them(do, refused):
    Path("own/measures").mkdir(parents=True)
    file = Path(shutil.copy("own-measure-conversations-3m.toml", "own/measures"))
    measure = "measure register-future-months --from 2022-03 --to 2022-05 --own own --out out"  # fmt: skip
    assert 'lacks words: write da = "…", en = "…", da_unmet = "…", en_unmet = "…"' in refused(
        measure, KNOWN, *ABSENT
    )
    words = "".join(f'{key} = "Egne ord: {key}"\n' for key in ("da", "en", "da_unmet", "en_unmet"))
    file.write_text(f"{file.read_text('utf-8')}\n[words]\n{words}", "utf-8")
    ended = do(measure, KNOWN, *ABSENT)
    assert ended.code == 0, ended
    assert "conversations_3m" in pl.read_parquet("out/figures.parquet")["measure"]


def test_facts_before_the_letters_own_date_are_refused(refused, samples):
    line = refused(
        f"letter notice --source {samples}/hedensted-2022-05/tables.csv -m Hedensted --on 2022-05-15 "
        "--facts facts-in-the-past.toml --out out"
    )
    assert "follow_up lies before the letter of 2022-05-15" in line


def test_a_key_at_the_top_that_belongs_under_a_table_is_told_where(refused):
    line = refused(
        "plan store -m Ishøj --from 2024-01-08 --capacity capacity-toplevel.toml --out out"
    )
    assert (
        "conversations_per_week: this key does not belong here. It belongs under [[unit]]" in line
    )


def test_an_unknown_table_of_a_mapping_is_named(refused):
    Path("own/sources").mkdir(parents=True)
    shutil.copy("mapping-unknown-table.toml", "own/sources/dfdg.toml")
    Path("delivered.csv").write_text("CPR-nr;Samtaledato;Samtaletype;Registreret\n", "utf-8")
    line = refused("register from dfdg delivered.csv --own own --out out")
    assert "dfdg.toml: there is no table 'samtaler'; there are: spells, conversations" in line


def test_maps_of_sources_that_are_no_longer_read_are_named(refused):
    Path("own/sources").mkdir(parents=True)
    Path("own/sources/columns.csv").write_text("source,column,name\n", "utf-8")
    Path("delivered.csv").write_text("CPR-nr;Samtaledato;Samtaletype;Registreret\n", "utf-8")
    line = refused("register from dfdg delivered.csv --own own --out out")
    assert "columns.csv: is no longer read; columns and values stand in sources/dfdg.toml" in line
