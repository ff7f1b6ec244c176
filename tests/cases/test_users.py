"""Users who hold no role any more are found, and get in and out by page and by command."""

import pytest
from typer.testing import CliRunner

from tilsyn.cases import actions
from tilsyn.cases.models import AuditEntry, User
from tilsyn.cli import installation
from tilsyn.cli.main import program
from tilsyn.errors import NotAllowedError


@pytest.fixture
def administrator(people):
    """By area: who administers it."""

    def of(kind, scope):
        made = actions.create_user(email=f"{scope}@example.org", name=scope, password=None, by=None)
        actions.grant(user=made, role="administrator", scope_kind=kind, scope=scope, by=None)
        return made

    return of


@pytest.fixture
def without_role(administrator):
    """Somebody whose last role, in Hedensted, was taken."""
    made = actions.create_user(email="uden@example.org", name="Uden rolle", password=None, by=None)
    held = actions.grant(user=made, role="reader", scope_kind="municipality", scope="766", by=None)
    actions.revoke(membership=held, by=administrator("municipality", "766"))
    return made


def sees(who, whom):
    return User.objects.visible_to(who).filter(pk=whom.pk).exists()


def test_who_took_the_last_role_still_sees_the_user(without_role, people, administrator):
    assert sees(User.objects.get_queryset().get(email="766@example.org"), without_role)
    assert sees(administrator("amk", "midt_nord"), without_role)
    assert sees(people.administrator, without_role)
    assert not sees(administrator("municipality", "630"), without_role)
    assert not sees(administrator("amk", "oest"), without_role)
    assert not sees(people.officer, without_role)


def test_who_is_given_a_role_elsewhere_is_no_longer_seen(without_role, administrator):
    local = User.objects.get_queryset().get(email="766@example.org")
    actions.grant(user=without_role, role="reader", scope_kind="municipality", scope="630", by=None)
    assert not sees(local, without_role)


def test_who_never_held_a_role_is_seen_by_who_administers_the_country(people, administrator):
    made = actions.create_user(email="ny@example.org", name="Ny", password=None, by=None)
    assert sees(people.administrator, made)
    assert not sees(administrator("amk", "midt_nord"), made)


def test_a_user_without_role_is_shut_out_let_in_and_given_a_password_by_his_own_only(
    without_role, administrator
):
    local = User.objects.get_queryset().get(email="766@example.org")
    stranger = administrator("municipality", "630")
    for act in (actions.deactivate, actions.reactivate):
        with pytest.raises(NotAllowedError, match="own area"):
            act(user=without_role, by=stranger)
        act(user=without_role, by=local)
        without_role.refresh_from_db()
        assert without_role.is_active is (act is actions.reactivate)
    with pytest.raises(NotAllowedError, match="own area"):
        actions.set_password(user=without_role, password="korrekt hest batteri", by=stranger)
    assert [one.action for one in AuditEntry.objects.all()[:2]] == ["reactivate", "deactivate"]


def test_the_commands_find_grant_take_shut_out_and_let_in(without_role, monkeypatch):
    monkeypatch.setattr(installation, "ready", lambda: None)

    def site(*words):
        return CliRunner().invoke(program("site"), ["site", *words], catch_exceptions=False).output

    address = without_role.email
    assert f"{address}: Uden rolle: no role" in site("users")
    site("grant", address, "--role", "reader", "--scope", "oest")
    site("deactivate", address.upper())
    (line,) = [line for line in site("users").splitlines() if line.startswith(address)]
    assert "reader, " in line and line.endswith("(shut out)")
    site("revoke", address, "--role", "reader", "--scope", "oest")
    site("reactivate", address)
    assert f"{address}: Uden rolle: no role\n" in site("users")
    with pytest.raises(Exception, match="is no reader for oest"):
        site("revoke", address, "--role", "reader", "--scope", "oest")
    with pytest.raises(Exception, match="there is no user"):
        site("grant", "ingen@example.org", "--role", "reader")


def test_a_password_brings_the_calendar_a_new_address(people):
    officer = people.officer
    before = officer.feed_token
    actions.set_password(user=officer, password="korrekt hest batteri", by=people.administrator)
    officer.refresh_from_db()
    assert officer.feed_token != before
