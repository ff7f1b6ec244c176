"""Releases are written whole or not at all, and never changed."""

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap

import polars as pl
import pytest

from tilsyn.errors import InputError
from tilsyn.figures import release
from tilsyn.figures.anomalies import Anomaly
from tilsyn.figures.release import Release, Source
from tilsyn.figures.table import Figure, checked, table

DAY = dt.date(2023, 9, 4)


def figure(value=142.0, *, month=dt.date(2023, 4, 1), status="value", published=DAY, **other):
    cell = {
        "measure": "conversations_12m",
        "statistic": "unmet",
        "area_kind": "municipality",
        "area": "183",
        "grp": "total",
        "visitation": "",
        "category": "",
        "provenance": "published",
    } | other
    return Figure(
        **cell,
        month=month,
        value=value,
        status=status,
        release="r",
        published=published,
    )


def test_a_release_reads_back_as_it_was_written(tmp_path):
    printed = pl.DataFrame({"raw": ["142"], "file": ["letter.txt"], "place": ["line 3"]})
    made = Release(
        id="ishoej",
        published=DAY,
        figures=table([figure()]),
        sources=(Source("letter.txt", "0" * 64),),
        printed=printed,
        anomalies=(Anomaly("reading", "dansk", "English", month=dt.date(2023, 4, 1)),),
        extra={"engine": "local"},
    )
    read = release.read(release.write(made, tmp_path / "ishoej"))
    assert read.figures.equals(made.figures)
    assert read.printed.equals(printed)
    assert (read.id, read.published, read.sources, read.anomalies, read.extra) == (
        made.id,
        made.published,
        made.sources,
        made.anomalies,
        made.extra,
    )


def test_equal_content_gives_equal_bytes_whatever_the_row_order(tmp_path):
    figures = [figure(), figure(3.0, grp="sygedagpenge"), figure(month=dt.date(2023, 3, 1))]
    one = release.write(Release("r", DAY, table(figures)), tmp_path / "one")
    other = release.write(Release("r", DAY, table(figures[::-1])), tmp_path / "other")
    for name in (release.FIGURES, release.MANIFEST):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_a_release_is_never_written_over(tmp_path):
    release.write(Release("r", DAY, table([figure()])), tmp_path / "r")
    before = (tmp_path / "r" / release.FIGURES).read_bytes()
    with pytest.raises(InputError, match="never written over; choose another name"):
        release.write(Release("r", DAY, table([figure(7.0)])), tmp_path / "r")
    assert (tmp_path / "r" / release.FIGURES).read_bytes() == before


def test_unsound_figures_leave_nothing_behind(tmp_path):
    with pytest.raises(InputError, match="status value with value None"):
        release.write(Release("r", DAY, table([figure(None)])), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(
        InputError, match=r"cannot be written: No space left on device; nothing was kept"
    ):
        release.write(Release("r", DAY, table([figure()])), tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_writer_leaves_no_release(tmp_path):
    script = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from tilsyn.work import files
        with files.written_whole(Path({str(tmp_path)!r}) / "r") as folder:
            (folder / "figures.parquet").write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    """)
    ended = subprocess.run([sys.executable, "-c", script], env=dict(os.environ), check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not (tmp_path / "r").exists()
    assert release.releases(tmp_path) == []


def test_a_damaged_release_is_named(tmp_path):
    folder = release.write(Release("r", DAY, table([figure()])), tmp_path / "r")
    (folder / release.FIGURES).write_bytes(b"PAR1 not")
    with pytest.raises(InputError, match=r"figures\.parquet: a damaged Parquet file"):
        release.read(folder)


def test_one_cell_has_one_value_in_a_publication():
    with pytest.raises(
        InputError,
        match=r"two values for the same cell \(Ishøj, conversations_12m unmet, "
        r"Ydelsesgrupper i alt, 2023-04, published 2023-09-04\): 142 in r and 141 in r",
    ):
        checked(table([figure(142.0), figure(141.0)]))


def test_an_exact_repeat_is_read_once():
    assert checked(table([figure(), figure()])).height == 1


def test_a_month_that_had_not_ended_when_published_is_refused():
    may = dt.date(2023, 5, 1)
    with pytest.raises(InputError, match="2023-05: 2023-05 had not ended on 2023-05-30"):
        checked(table([figure(month=may, published=dt.date(2023, 5, 30))]))
    assert checked(table([figure(month=may, published=dt.date(2023, 5, 31))])).height == 1


def test_a_day_outside_any_calendar_is_refused():
    beyond = pl.lit(-5_000_000).cast(pl.Int32).cast(pl.Date).alias("month")
    with pytest.raises(InputError, match="month holds a day outside 1900 to 2200"):
        checked(table([figure()]).with_columns(beyond))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"measure": "talks"}, "unknown measure 'talks'"),
        ({"grp": "alle"}, "unknown grp 'alle'"),
        ({"status": "zero"}, "status zero with value 142"),
        ({"value": float("nan")}, "status value with value nan"),
        ({"area": "inf"}, "unknown municipality 'inf'"),
        ({"visitation": "x"}, "unknown visitation 'x'"),
        ({"value": 1e30}, "no figure is 1e.30"),
        ({"area": None}, "the column area has an empty cell"),
        ({"visitation": None}, "the column visitation has an empty cell"),
    ],
)
def test_an_unsound_figure_is_named(wrong, message):
    with pytest.raises(InputError, match=message):
        checked(table([figure(**wrong)]))


def test_no_cpr_number_comes_from_a_files_name_into_a_release(tmp_path):
    file = tmp_path / "borger 010190-1234.csv"
    file.write_text("x")
    made = Release(
        id="r",
        published=DAY,
        figures=table([figure()]).with_columns(release=pl.lit(file.stem)),
        sources=(Source.of(file),),
        printed=pl.DataFrame({"raw": ["142"], "file": [file.name], "place": ["line 3"]}),
        anomalies=(Anomaly("reading", f"i {file.name}", f"in {file.name}"),),
    )
    folder = release.write(made, tmp_path / "r")
    read = release.read(folder)
    assert read.figures["release"].to_list() == ["borger xxxxxx-xxxx"]
    kept = [read.printed.write_csv(), str(read.anomalies), str(read.sources)]
    assert "1234" not in "".join([*kept, (folder / "manifest.toml").read_text()])
