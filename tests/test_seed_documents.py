"""What the agency concluded in five real documents, the program concludes from the same tables."""

import json

import pytest


@pytest.fixture
def judged(tilsyn, all_samples):
    def run(*arguments):
        ended = tilsyn("judge", *all_samples, "--format", "json", *arguments)
        assert ended.code == 0, ended.err
        return ended.json

    return run


def keys(findings, *verdicts):
    return [
        (f["municipality"], f["rule"], f["measure"], f["group"])
        for f in findings
        if f["verdict"] in verdicts
    ]


def test_hedensted_in_may_2022_has_exactly_one_group_flagged(judged):
    findings = judged("--on", "2022-05-15")
    assert keys(findings, "flagged") == [
        ("Hedensted", "early_effort", "conversations_6m", "sygedagpenge")
    ]
    flagged = next(f for f in findings if f["verdict"] == "flagged")
    assert flagged["version"] == "model-a"
    assert [m["population"] for m in flagged["months"]] == [34, 24, 64]
    assert [m["share"] for m in flagged["months"]] == [23.5, 29.2, 20.9]
    assert flagged["basis"] == "printed_share"
    assert flagged["release"] == "hedensted-2022-05"
    others = judged("--on", "2022-05-15", "--municipality", "Hedensted", "--rule", "early_effort")
    assert {f["reason"] for f in others if f["verdict"] != "flagged"} == {"too_small"}


@pytest.mark.parametrize(
    ("measure", "group", "shares"),
    [
        ("conversations_6m", "sygedagpenge", [45.5, 52.6, 50.0]),
        ("offers_6m", "a_dagpenge", [34.6, 28.6, 41.2]),
    ],
)
def test_ishoej_had_not_restored_either_group_of_its_notice(
    tilsyn, all_samples, measure, group, shares
):
    ended = tilsyn(
        "follow-up",
        *all_samples,
        "-m",
        "Ishøj",
        "--measure",
        measure,
        "--group",
        group,
        "--months",
        "2022-09..2022-11",
        "--on",
        "2023-02-20",
        "--format",
        "json",
    )
    (finding,) = ended.json
    assert finding["verdict"] == "not_restored"
    assert [month["share"] for month in finding["months"]] == shares
    assert "taget som stort nok, fordi henvendelsen fastslog det" in finding["explanation"]["da"]


def test_ishoejs_cash_benefit_is_not_judged_because_its_population_is_not_printed(judged):
    findings = judged("--on", "2023-02-20", "--municipality", "Ishøj", "--rule", "early_effort")
    cash = next(
        f for f in findings if f["group"] == "kontanthjaelp" and f["measure"] == "conversations_6m"
    )
    assert (cash["verdict"], cash["reason"]) == ("not_judged", "population_unknown")
    assert keys(findings, "flagged") == []


def test_ishoej_in_september_2023_is_at_risk_through_conversations(judged):
    findings = judged("--on", "2023-09-04", "--municipality", "Ishøj")
    assert keys(findings, "at_risk") == [
        ("Ishøj", "focus_conversations", "conversations_12m", "total")
    ]
    assert next(f for f in findings if f["verdict"] == "at_risk")["mean"] == 20.43


def test_the_later_note_finds_conversations_at_risk_and_offers_met(judged):
    findings = {
        (f["rule"], f["measure"]): f
        for f in judged("--on", "2023-12-01", "--municipality", "Ishøj")
    }
    conversations = findings["focus_conversations", "conversations_12m"]
    offers = findings["focus_offers", "offers_12m"]
    assert (conversations["verdict"], conversations["mean"]) == ("at_risk", 22.17)
    assert (offers["verdict"], offers["mean"]) == ("met", 15.36)
    assert offers["distance"] == -14.64


def test_the_later_note_is_judged_by_model_b(judged):
    findings = judged("--on", "2023-12-01", "--municipality", "Ishøj", "--rule", "early_effort")
    by_measure = {f["measure"]: f for f in findings}
    assert {f["version"] for f in findings} == {"model-b"}
    assert {f["group"] for f in findings} == {"total"}
    assert by_measure["conversations_6m"]["verdict"] == "flagged"
    assert [m["month"] for m in by_measure["conversations_6m"]["months"]] == [
        f"2023-0{m}" for m in range(3, 9)
    ]
    assert by_measure["offers_6m"]["verdict"] == "over_line"
    assert (
        "tre af de seks måneder (juni-august 2023)" in by_measure["offers_6m"]["explanation"]["da"]
    )
    assert "STAR forenkler tilsynet" in by_measure["offers_6m"]["source"]


def test_the_same_figures_judged_before_the_change_use_model_a(judged):
    findings = judged(
        "--on", "2023-10-01", "--known-on", "2023-12-01", "-m", "Ishøj", "-r", "early_effort"
    )
    assert {f["version"] for f in findings} == {"model-a"}
    assert "total" not in {f["group"] for f in findings}


def test_the_committee_report_of_2021_has_five_municipalities_at_risk_all_through_conversations(
    judged,
):
    findings = judged("--on", "2021-09-01")
    assert keys(findings, "at_risk") == [
        (name, "focus_conversations", "conversations_12m", "total")
        for name in ("Slagelse", "Lejre", "Bornholm", "Ærø", "Samsø")
    ]
    offers = [f for f in findings if f["rule"] == "focus_offers"]
    assert len(offers) == 15
    assert {f["verdict"] for f in offers} == {"suspended"}
    assert all("suspenderet i 2021 og 2022" in f["explanation"]["da"] for f in offers)


@pytest.mark.parametrize("municipality", ["Samsø", "Slagelse"])
def test_samsoe_and_slagelse_stand_in_both_lists(judged, municipality):
    findings = judged("--on", "2021-09-01", "--municipality", municipality)
    assert sorted((f["rule"], f["verdict"]) for f in findings if f["rule"].startswith("focus")) == [
        ("focus_conversations", "at_risk"),
        ("focus_offers", "suspended"),
    ]


def test_april_2023_is_142_persons_in_the_letter_and_141_in_the_later_note(tilsyn, all_samples):
    def april(day):
        shown = tilsyn(
            "figures",
            "show",
            *all_samples,
            "--measure",
            "conversations_12m",
            "-m",
            "Ishøj",
            "--known-on",
            day,
            "--format",
            "json",
        ).json
        return [
            f["value"]
            for f in shown
            if f["month"] == "2023-04-01" and f["grp"] == "total" and f["statistic"] == "unmet"
        ]

    assert april("2023-09-04") == [142.0]
    assert april("2023-11-01") == [141.0]


def test_findings_are_the_same_whatever_the_order_of_the_sources(tilsyn, all_samples):
    one = tilsyn("judge", *all_samples, "--on", "2023-12-01", "--format", "json").out
    other = tilsyn("judge", *reversed(all_samples), "--on", "2023-12-01", "--format", "json").out
    assert json.loads(one) == json.loads(other)


def test_before_anything_was_known_there_is_nothing_to_judge(tilsyn, all_samples):
    ended = tilsyn("judge", *all_samples, "--on", "2020-01-01")
    assert ended.code == 3
    assert "nothing was known on 2020-01-01; the first figure is published 2021-09-01" in ended.err


def test_without_a_rule_in_force_the_exit_code_is_its_own(tilsyn, all_samples):
    ended = tilsyn("judge", *all_samples, "--on", "2026-08-01", "--rule", "early_effort")
    assert ended.code == 4
    assert (
        "no version of the rule early_effort is in force on 2026-08-01; the nearest is model-b"
        in ended.err
    )
