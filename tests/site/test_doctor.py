"""The doctor finds what is wrong, and says how it is mended."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from tests.site.providers.openid import new_key
from tests.site.providers.saml import certificate, pem
from tilsyn.cases.models import Document, Message
from tilsyn.cases.tick import tick
from tilsyn.protection import keys
from tilsyn.site.doctor import examine


@pytest.fixture
def sound(installation, settings, monkeypatch):
    """An installation with nothing wrong."""
    settings.DATA_DIR.chmod(0o700)
    settings.TODAY = None
    (settings.DATA_DIR / "secret_key").touch(mode=0o600)
    (settings.DATA_DIR / "secret_key").write_text("q7Vx" * 20)
    settings.SECRET_KEY = "q7Vx-9" * 20
    monkeypatch.delenv(keys.VARIABLE)
    keys.make(settings.DATA_DIR / keys.NAME)
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    tick(on=dt.date(2022, 6, 1))
    return installation


def told(what):
    """What is said of one thing that is not well."""
    return [one for one in examine() if one.what == what and one.status != "ok"]


def test_nothing_is_wrong_with_a_sound_installation(sound):
    assert {one.what: one for one in examine() if one.status == "wrong"} == {}
    assert {one.what for one in examine() if one.status == "remark"} <= {"mail", "data folder"}


def test_a_letter_that_was_altered_is_found(sound, settings):
    sha256 = Document.objects.get().sha256
    file = settings.DATA_DIR / "documents" / sha256[:2] / sha256
    file.chmod(0o600)
    file.write_bytes(b"?")
    (one,) = told("documents")
    assert one.status == "wrong" and "damaged" in one.words and "restore" in one.mend


@pytest.mark.parametrize("name", ["manifest.toml", "figures.parquet"])
def test_a_release_that_was_altered_is_found(sound, settings, name):
    file = settings.DATA_DIR / "releases" / "hedensted-2022-05" / name
    file.write_bytes(file.read_bytes().replace(b"tilsyn", b"TILSYN").replace(b"PAR1", b"PAR2"))
    (one,) = told("releases")
    assert one.status == "wrong" and "hedensted-2022-05" in one.words


def test_keys_and_folders_others_can_read_are_found(sound, settings):
    (settings.DATA_DIR / "secret_key").chmod(0o644)
    settings.DATA_DIR.chmod(0o755)
    assert "chmod 600" in told("secret key")[0].mend
    assert "chmod 700" in told("data folder")[0].mend


def test_a_protection_key_that_is_missing_or_known_is_found(sound, settings, monkeypatch):
    file = settings.DATA_DIR / keys.NAME
    file.chmod(0o644)
    assert "chmod 600" in told("protection key")[0].mend
    file.unlink()
    assert told("protection key")[0].mend == "tilsyn site migrate"
    monkeypatch.setenv(keys.VARIABLE, str(keys.TEST_KEY))
    assert "everybody knows" in told("protection key")[0].words


def test_own_data_that_stand_where_they_are_not_read_are_found(sound, settings, monkeypatch):
    monkeypatch.setenv("OWN", "")
    monkeypatch.setenv("DATA_DIR", str(settings.DATA_DIR))
    (settings.DATA_DIR / "rules").mkdir()
    (one,) = told("own data")
    assert one.status == "remark" and "own/rules" in one.mend
    (settings.DATA_DIR / "rules").rmdir()
    (settings.DATA_DIR / "own" / "rules").mkdir(parents=True)
    assert told("own data") == []
    monkeypatch.delenv("DATA_DIR")
    (one,) = told("own data")
    assert one.status == "remark" and "is not read" in one.words
    monkeypatch.setenv("OWN", str(settings.DATA_DIR / "nowhere"))
    (one,) = told("own data")
    assert one.status == "wrong" and "no such folder" in one.words


def test_a_weak_key_is_found(sound, settings):
    settings.SECRET_KEY = "short"
    assert "too weak" in told("secret key")[0].words


def test_mail_that_does_not_leave_is_found(sound, settings):
    message = Message.objects.first() or Message.objects.create(
        key="x", recipients=["a@example.org"], subject="x", body="x"
    )
    Message.objects.filter(pk=message.pk).update(
        sent_at=None, attempts=20, created_at=timezone.now() - dt.timedelta(days=3)
    )
    assert [one.status for one in told("outgoing mail")] == ["wrong", "remark"]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    (one,) = told("mail")
    assert one.status == "wrong" and "127.0.0.1:9" in one.words


def test_a_tick_that_does_not_run_is_found(sound, settings):
    kept = settings.DATA_DIR / "last_tick"
    kept.write_text((timezone.now() - dt.timedelta(days=5)).isoformat())
    assert told("tick")[0].status == "wrong"
    kept.unlink()
    assert told("tick")[0].words == "has never run"


def test_static_files_that_were_not_gathered_are_found(sound, settings):
    (settings.STATIC_ROOT / "staticfiles.json").unlink()
    assert told("static files")[0].status == "wrong"


def test_an_installation_that_is_not_there_is_told_line_by_line(alone):
    ended = alone("doctor")
    assert ended.code == 3 and not ended.err
    wrong = [line for line in ended.out.splitlines() if line.startswith("wrong")]
    assert any("data folder" in line and "tilsyn site migrate" in line for line in wrong)


def test_programs_read_it_too(alone):
    assert alone("site", "migrate").code == 0
    ended = alone("doctor", "--format", "json")
    found = {one["what"]: one["status"] for one in json.loads(ended.out)}
    assert found["database"] == found["secret key"] == found["settings"] == "ok"
    assert found["static files"] == "wrong" and ended.code == 3


def test_a_provider_that_is_not_as_the_settings_say_is_found(
    sound, openid, saml, providers, monkeypatch, tmp_path
):
    text = f"""
[[openid_connect]]
provider_id = "styrelsen"
name = "Styrelsens login"
client_id = "tilsyn"
settings.server_url = "{openid.url}"
[[saml]]
provider_id = "context-handler"
name = "Kommunens login"
client_id = "kommune"
settings.idp = {{ entity_id = "{saml.entity_id}", metadata_url = "{saml.entity_id}" }}
"""
    providers(text)
    monkeypatch.setenv("SIGN_IN_FILE", str(tmp_path / "sign-in.toml"))
    (tmp_path / "sign-in.toml").chmod(0o644)
    (one,) = told("sign-in")
    assert one.status == "wrong" and "chmod 600" in one.mend
    found = {one.what: one for one in examine() if one.status == "ok"}
    assert "/accounts/oidc/styrelsen/login/callback/" in found["sign-in by styrelsen"].words
    assert "/accounts/saml/kommune/acs/" in found["sign-in by context-handler"].words

    openid.down, saml.down = {"/keys"}, True
    assert "does not answer" in told("sign-in by styrelsen")[0].words
    assert "does not answer" in told("sign-in by context-handler")[0].words
    openid.down, saml.down = set(), False

    providers(text.replace(openid.url, openid.url.replace("127.0.0.1", "localhost")))
    assert f"calls itself {openid.url}" in told("sign-in by styrelsen")[0].words
    providers(
        text.replace(f'entity_id = "{saml.entity_id}"', 'entity_id = "https://another.example"')
    )
    assert (
        "no provider called https://another.example" in told("sign-in by context-handler")[0].words
    )
    key, another = new_key(), new_key()
    providers(
        f"{text}[saml.settings.advanced]\nauthn_request_signed = true\n"
        f"x509cert = '''{certificate(key)}'''\nprivate_key = '''{pem(another)}'''"
    )
    assert "do not belong together" in told("sign-in by context-handler")[0].words
    monkeypatch.setattr(saml, "certificate", certificate(key, days=-1))
    providers(text)
    assert "certificate ended on" in told("sign-in by context-handler")[0].words
