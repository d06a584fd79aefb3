"""Log-in through a provider: names, roles, settings, and the audit log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest

from identities import SECRET, Identity, provider
from lastgood.config import Config, Oidc, Settings, unsafe
from lastgood.errors import NotSignedOnError, UsageError
from lastgood.incidents.accounts import Accounts
from lastgood.incidents.database import open_database
from lastgood.model.access import Role
from lastgood.workbench.access import Access, access_of
from lastgood.workbench.sign_on import SignOn, begun, name_in, role_in, sign_on_of
from records import ticking
from rooms import config_in

ROLES = {Role.VIEWER: ("everybody",), Role.ADMIN: ("leads", "oncall")}


@pytest.fixture
def access(tmp_path: Path) -> Iterator[Access]:
    database = open_database(f"sqlite:///{tmp_path / 'record.db'}")
    yield access_of(Accounts(database), ticking())
    database.close()


def given(issuer: str = "https://login.example.com", **more: Any) -> Oidc:
    return Oidc(issuer=issuer, client_id="lastgood", client_secret="$SECRET", roles=ROLES, **more)  # noqa: S106


def config(folder: Path, oidc: Oidc | None, url: str = "https://lastgood.example.com/") -> Config:
    made = config_in(folder)
    settings = msgspec.structs.replace(
        made.settings, oidc=oidc, team=msgspec.structs.replace(made.settings.team, url=url)
    )
    return Config(made.store, made.record, made.zone, made.team_zone, made.rhythm, made.timebox, settings)


def came_back(sign_on: SignOn) -> str:
    """The session of whoever signs on."""
    flow = begun()
    sent = httpx.get(sign_on.address(flow)).headers["location"]
    return sign_on.session(flow, dict(parse_qsl(urlsplit(sent).query)))


def signing(access: Access, folder: Path, identity: Identity) -> SignOn:
    found = sign_on_of(config(folder, given(identity.url)), access, {"SECRET": SECRET})
    assert found is not None
    return found


def test_a_claim_gives_the_role_and_the_next_log_in_another_one(access: Access, tmp_path: Path) -> None:
    """Sessions that go on have the role of the last log-in."""
    with provider() as identity:
        sign_on = signing(access, tmp_path, identity)
        first = came_back(sign_on)
        assert ("kim@example.com", Role.ADMIN) == (
            (caller := access.of_session(first)).name,
            caller.role,
        )
        identity.claims = {"groups": ["everybody"]}
        assert came_back(sign_on) != first
        assert Role.VIEWER == access.of_session(first).role
        identity.claims = {"groups": ["others"]}
        with pytest.raises(NotSignedOnError, match="no role"):
            came_back(sign_on)

    assert [
        ("kim@example.com", "logged in through the provider as admin"),
        ("kim@example.com", "logged in through the provider as viewer"),
        ("oidc", "log-in refused: You have no role here."),
    ] == [(actor, what) for _, actor, what in access.accounts.audited()]


def test_nobody_gets_a_name_that_is_somebody_elses(access: Access, tmp_path: Path) -> None:
    """Not the local admin's, and not that of another person at the provider; and no password is right for them."""
    access.first_admin("password-of-a-test")
    with provider() as identity:
        sign_on = SignOn(
            access, given(identity.url, name="name"), signing(access, tmp_path, identity).provider
        )
        identity.claims = {"name": "admin"}
        with pytest.raises(NotSignedOnError, match="Another person"):
            came_back(sign_on)
        identity.claims = {"name": "kim"}
        came_back(sign_on)
        identity.claims = {"name": "kim", "sub": "43"}
        with pytest.raises(NotSignedOnError, match="Another person"):
            came_back(sign_on)

    assert access.log_in("kim", "password-of-a-test") is None
    assert access.log_in("admin", "password-of-a-test") is not None


@pytest.mark.parametrize(
    ("claims", "claim"),
    [
        ({"email": "kim@example.com"}, "email"),
        ({"email": "kim@example.com", "email_verified": "true"}, "email"),
        ({}, "sub"), ({"sub": ""}, "sub"), ({"sub": 7}, "sub"), ({"sub": "a\nb"}, "sub"), ({"sub": "a" * 101}, "sub"),
    ],
)  # fmt: skip
def test_a_name_that_may_be_anybodys_is_refused(claims: dict[str, Any], claim: str) -> None:
    with pytest.raises(NotSignedOnError):
        name_in(claims, claim)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["everybody"]}, Role.VIEWER), ({"groups": ["everybody", "leads"]}, Role.ADMIN),
        ({"groups": "everybody"}, Role.VIEWER), ({"groups": ["Everybody"]}, None), ({"groups": []}, None),
        ({"groups": [7, None]}, None), ({}, None), ({"groups": {"everybody": 1}}, None), ({"groups": 7}, None),
    ],
)  # fmt: skip
def test_the_highest_role_counts_and_without_one_nobody_is_let_in(
    claims: dict[str, Any], role: Role | None
) -> None:
    if role is None:
        with pytest.raises(NotSignedOnError):
            role_in(claims, given())
    else:
        assert role is role_in(claims, given())


def test_a_claim_can_be_within_another() -> None:
    """As Keycloak writes roles."""
    assert Role.ADMIN is role_in({"realm": {"roles": ["leads"]}}, given(claim="realm.roles"))
    assert Role.ADMIN is role_in(
        {"https://a.example/roles": ["leads"]}, given(claim="https://a.example/roles")
    )


def test_it_is_off_unless_it_is_set_and_refused_where_secrets_would_go_in_the_clear(
    access: Access, tmp_path: Path
) -> None:
    """Issuer and own address need TLS, and the secret is in the environment."""
    environment = {"SECRET": SECRET}
    assert sign_on_of(config(tmp_path, None), access, environment) is None
    for oidc, url, lacking in (
        (given("http://login.example.com"), "https://a", "oidc.issuer"),
        (given(), "http://a.example", "team.url"),
        (given(), "", "team.url"),
    ):
        with pytest.raises(UsageError, match=lacking):
            sign_on_of(config(tmp_path, oidc, url), access, environment)
    with pytest.raises(UsageError, match=r"\$SECRET, which is not set"):
        sign_on_of(config(tmp_path, given()), access, {})


def test_a_file_that_is_merely_there_lets_nobody_in() -> None:
    """Who says who people are is among what a file must be trusted for."""
    assert ("oidc",) == unsafe(Settings(oidc=given()))
