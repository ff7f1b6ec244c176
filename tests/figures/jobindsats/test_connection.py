"""Calls: what the server may do, and what is said of it."""

import gzip
import time

import pytest

from tests.figures.jobindsats.conftest import QUICK
from tests.figures.jobindsats.playback import KEY, send
from tilsyn.errors import InputError, NotAllowedError, UsageError
from tilsyn.figures.jobindsats.connection import Connection, Patience, Unavailable, shown
from tilsyn.figures.jobindsats.fetching import catalogue, described
from tilsyn.figures.jobindsats.token import Token, token

DATA = "v3/data/y30s12"
CALL = {"period.M": "2026M01", "format": "json", "mgroup.*": "*", "hierarchy._nykom": "*"}


def test_the_catalogue_and_a_table(connection):
    (subject,) = catalogue(connection, 1815)
    assert [t.table_id for t in subject.tables][:2] == ["y30s12", "y30t12"]
    table = described(connection, "Y30S12")
    assert table.period_ids("M")[-1] == "2026M06"
    assert table.hierarchies["_nykom"].values[0].value_name == "Hele landet"


def test_the_key_goes_as_bearer_with_a_user_agent(connection, playback):
    catalogue(connection)
    assert playback.headers[0]["authorization"] == f"Bearer {KEY}"
    assert playback.headers[0]["user-agent"].startswith("tilsyn/")


def test_a_wrong_key_is_explained_and_not_shown(playback):
    with (
        Connection(Token("secret-but-wrong"), playback.url, QUICK) as wrong,
        pytest.raises(NotAllowedError, match=r"key was not accepted \(401: Invalid token\)") as e,
    ):
        catalogue(wrong)
    assert "secret-but-wrong" not in str(e.value)
    assert len(playback.calls) == 1
    assert "secret" not in repr(wrong)


def test_the_apis_own_cause_is_told(connection):
    with pytest.raises(InputError, match=r"does not understand.*Unknown hierarchies.*_omrade"):
        connection.get(DATA, CALL | {"hierarchy._omrade": "*"})


@pytest.mark.parametrize(
    "failure",
    [
        lambda h: send(h, {"code": 503, "cause": "busy"}, 503),
        lambda h: send(h, {"code": 429, "cause": "slow down"}, 429, headers={"Retry-After": "0"}),
        lambda h: send(h, "You do not have permission to view this directory or page.", 403),
        lambda h: time.sleep(1.2),
        lambda h: cut(h),
        lambda h: drop(h),
    ],
    ids=["503", "429", "403 of the front", "no answer", "cut in the middle", "dropped at once"],
)
def test_what_passes_is_tried_again(connection, playback, failure):
    playback.failures = [failure, failure]
    assert connection.get(DATA, CALL).startswith(b"\xef\xbb\xbf{")
    assert len(playback.data_calls()) == 3


def cut(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"columns":')
    handler.close_connection = True


def drop(handler):
    handler.close_connection = True


def test_what_does_not_pass_ends_in_one_clear_line(connection, playback):
    playback.failures = [lambda h: send(h, "down", 500)] * 9
    with pytest.raises(Unavailable, match=r"server failed \(500\) \(3 attempts\)"):
        connection.get(DATA, CALL)
    assert len(playback.data_calls()) == 3


def test_the_wait_the_server_asks_for_is_kept(playback):
    slow = Patience(timeout=2, attempts=2, wait=0.001, longest_wait=5)
    playback.failures = [lambda h: send(h, "wait", 429, headers={"Retry-After": "1"})]
    with Connection(Token(KEY), playback.url, slow) as connection:
        start = time.monotonic()
        connection.get(DATA, CALL)
    assert time.monotonic() - start > 0.95


def test_a_wait_beyond_all_patience_ends_the_call(connection, playback):
    playback.failures = [lambda h: send(h, "wait", 429, headers={"Retry-After": "86400"})]
    with pytest.raises(Unavailable, match="too many calls"):
        connection.get(DATA, CALL)
    assert len(playback.data_calls()) == 1


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"[" * 65536)
    except OSError:
        handler.close_connection = True


def dripping(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(40):
            handler.wfile.write(b" ")
            time.sleep(0.1)
    except OSError:
        pass
    handler.close_connection = True


def test_an_endless_answer_is_not_taken(connection, playback):
    playback.failures = [endless]
    with pytest.raises(InputError, match="larger than 8 MB"):
        connection.get(DATA, CALL)


def test_a_packed_answer_is_measured_unpacked(connection, playback):
    bomb = gzip.compress(b" " * (64 * 2**20))

    def packed(handler):
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(bomb)))
        handler.end_headers()
        handler.wfile.write(bomb)

    playback.failures = [packed]
    with pytest.raises(InputError, match="larger than 8 MB"):
        connection.get(DATA, CALL)


def test_names_of_the_catalogue_are_printable(connection, playback):
    playback.names["y30s12"] = "Samtaler\x1b[2J\r\n12 m"
    (subject,) = catalogue(connection, 1815)
    assert subject.tables[0].table_name == "Samtaler [2J 12 m"


def test_an_answer_that_drips_without_end_is_given_up(playback):
    patience = Patience(timeout=0.25, attempts=1, most_bytes=2**20)
    playback.failures = [dripping]
    with (
        Connection(Token(KEY), playback.url, patience) as connection,
        pytest.raises(Unavailable, match=r"no whole answer within 0\.5 seconds"),
    ):
        connection.get(DATA, CALL)


def test_a_redirect_to_another_host_is_refused(connection, playback):
    elsewhere = {"Location": "https://example.invalid/v3/data"}
    playback.failures = [lambda h: send(h, "moved", 302, headers=elsewhere)]
    with pytest.raises(InputError, match=r"another host \(example\.invalid\)"):
        connection.get(DATA, CALL)


def test_a_redirect_on_the_same_host_is_followed(connection, playback):
    here = {"Location": "/v3/tables?format=json"}
    playback.failures = [lambda h: send(h, "moved", 307, headers=here)]
    assert b"1815" in connection.get(DATA, CALL)


def test_a_circle_of_redirects_ends(connection, playback):
    here = {"Location": "/v3/data/y30s12"}
    playback.failures = [lambda h: send(h, "moved", 302, headers=here)] * 9
    with pytest.raises(InputError, match="circle"):
        connection.get(DATA, CALL)


def test_the_key_is_sent_over_https_only():
    with pytest.raises(UsageError, match="must begin with https"):
        Connection(Token(KEY), "http://api.jobindsats.dk")


def test_nobody_there(playback):
    with (
        Connection(Token(KEY), "http://127.0.0.1:1", QUICK) as connection,
        pytest.raises(Unavailable, match=r"connection failed \(connect\)"),
    ):
        catalogue(connection)


@pytest.mark.parametrize("text", ["", "two words", "line\nbreak", "hemmelig-nøgle", "x" * 9000])
def test_what_is_no_key_is_not_quoted(monkeypatch, text):
    monkeypatch.setenv("TILSYN_JOBINDSATS_TOKEN", text)
    with pytest.raises((UsageError, InputError)) as error:
        token()
    assert not text or text not in str(error.value)


def test_the_key_from_a_file(tmp_path):
    (tmp_path / "key").write_text(f"Bearer {KEY}\n", encoding="utf-8")
    key = token(tmp_path / "key")
    assert key.secret == KEY
    assert KEY not in repr(key) + str(key)


def test_words_of_the_server_cannot_move_the_cursor():
    assert shown("a\x1b[2Jb\r\nc" + "x" * 999).startswith("a [2Jb cxxx")
    assert len(shown("x" * 999)) == 302


@pytest.fixture
def without_a_key(monkeypatch):
    monkeypatch.delenv("TILSYN_JOBINDSATS_TOKEN", raising=False)


def test_a_key_in_the_keyring_is_used_where_no_other_is_given(monkeypatch, without_a_key):
    import keyring

    kept = {("tilsyn", "jobindsats"): "kept-key"}
    monkeypatch.setattr(keyring, "get_password", lambda *asked: kept.get(asked))
    assert token().secret == "kept-key"
    monkeypatch.setenv("TILSYN_JOBINDSATS_TOKEN", "given-key")
    assert token().secret == "given-key"


def test_a_machine_without_a_keyring_is_told_where_a_key_may_stand(monkeypatch, without_a_key):
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring, "get_password", Keyring().get_password)
    with pytest.raises(UsageError, match="keyring set tilsyn jobindsats"):
        token()


def test_a_keyring_that_refuses_is_named_and_its_words_are_not_told(monkeypatch, without_a_key):
    import keyring
    from keyring.errors import KeyringLocked

    def locked(*asked):
        raise KeyringLocked("secret words")

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(InputError, match=r"keyring cannot be read \(KeyringLocked\)") as error:
        token()
    assert "secret words" not in str(error.value)
