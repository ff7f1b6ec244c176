"""Register to release by the commands, corrections and folding included."""


def test_folding_corrections_changes_no_figure(tilsyn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make = ("register", "make", "--from", "2022-01", "--to", "2023-12", "-m", "Fanø")
    assert tilsyn(*make, "all", "--persons", 2000, "--seed", 1).code == 0
    assert tilsyn(*make, "some", "--persons", 40, "--seed", 1).code == 0
    assert tilsyn("register", "load", "all", "--store", "store").code == 0
    assert tilsyn("register", "load", "some", "--store", "store", "--update").code == 0
    measure = (
        "measure",
        "store",
        "--from",
        "2023-01",
        "--to",
        "2023-12",
        "--published",
        "2024-02-01",
    )
    assert tilsyn(*measure, "--out", "before/r").code == 0
    folded = tilsyn("register", "fold", "store")
    assert folded.code == 0, folded.err
    assert tilsyn(*measure, "--out", "after/r").code == 0
    assert (tmp_path / "before/r/figures.parquet").read_bytes() == (
        tmp_path / "after/r/figures.parquet"
    ).read_bytes()
