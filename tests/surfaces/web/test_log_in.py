"""Log-in, against a server that runs."""

import re
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from identities import SECRET, provider
from lastgood.surfaces.web.log_in import local
from servers import PASSWORD, Server, serving


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/incidents/1", "/incidents/1"),
        ("//evil.example", "/"),
        ("/\\evil", "/"),
        ("https://evil", "/"),
        ("", "/"),
        ("/a\nb", "/"),
    ],
)
def test_a_log_in_leads_only_to_pages_of_this_server(wanted: str, path: str) -> None:
    """Whatever the address says."""
    assert path == local(wanted)


@pytest.mark.slow
def test_a_session_begins_with_the_right_password_and_ends_with_log_out(tmp_path: Path) -> None:
    """The cookie is for this server alone; a form of another page, a wrong password and too many of them are refused."""
    with serving(tmp_path) as server:
        client = server.log_in()
        cookie = next(one for one in client.cookies.jar if one.name == "lastgood_session")
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert "lax" == str(cookie.get_nonstandard_attr("SameSite")).lower()
        page = client.get("/")
        assert 200 == page.status_code
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert csrf is not None
        assert (
            303 == client.post("/logout", data={"csrf": csrf[1]}, headers={"origin": server.url}).status_code
        )
        assert 303 == client.get("/").status_code

        other = server.client()
        form = {"name": "admin", "password": PASSWORD, "csrf": "guessed"}
        assert 400 == other.post("/login", data=form).status_code
        answers = []
        for _ in range(6):
            token = re.search(r'name="csrf" value="([^"]+)"', other.get("/login").text)
            assert token is not None
            wrong = {"name": "admin", "password": "wrong", "csrf": token[1]}
            answers.append(other.post("/login", data=wrong).status_code)
        assert [401] * 5 + [429] == answers


SETTINGS = """
[team]
url = "{own}"
[oidc]
issuer = "{issuer}"
client_id = "lastgood"
client_secret = "$OIDC_SECRET"
roles = {{ responder = ["oncall"] }}
"""


def sent_back(client: httpx.Client, wanted: str = "/incidents") -> str:
    """Log in at the provider; the address that it sends the browser to, without the host that the settings name."""
    begun = client.get(f"/login/oidc?next={wanted}")
    assert 303 == begun.status_code
    address = urlsplit(httpx.get(begun.headers["location"]).headers["location"])
    assert "/login/oidc/callback" == address.path
    return f"{address.path}?{address.query}"


def session_of(client: httpx.Client) -> str:
    return next((one.value or "" for one in client.cookies.jar if one.name == "lastgood_session"), "")


def audited(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "record.db") as record:
        found = [
            f"{actor}: {what}" for actor, what in record.execute("SELECT actor, what FROM lastgood_audit")
        ]
    record.close()
    return found


@pytest.mark.slow
def test_a_provider_says_who_logs_in_and_a_claim_in_which_role(tmp_path: Path) -> None:
    """A session of its own; the way back counts once and in one browser; log-out, limits and the audit log as with passwords."""
    with provider() as identity:
        settings = tmp_path / "oidc.toml"
        settings.write_text(SETTINGS.format(own="http://localhost:8080", issuer=identity.url))
        environment = {"LASTGOOD_CONFIG": str(settings), "OIDC_SECRET": SECRET}
        with serving(tmp_path, environment) as server:
            signs_on_and_out(server)
            is_refused(server)
            assert server.log_in().get("/").is_success  # the local admin remains
            assert SECRET not in "".join(server.said)
        lines = audited(tmp_path)
    assert "kim@example.com: logged in through the provider as responder" in lines
    assert "kim@example.com: logged out" in lines
    assert "oidc: log-in refused: The answer belongs to another log-in." in lines


def signs_on_and_out(server: Server) -> None:
    client = server.client()
    assert "/login/oidc?next=" in client.get("/login").text
    client.cookies.set("lastgood_session", "chosen-by-an-attacker")
    address = sent_back(client, "//evil.example")
    cookie = next(one for one in client.cookies.jar if one.name == "lastgood_flow")
    assert cookie.has_nonstandard_attr("HttpOnly")
    client.cookies.delete("lastgood_session")
    done = client.get(address)
    assert (303, "/") == (done.status_code, done.headers["location"])
    session = session_of(client)
    assert session not in {"", "chosen-by-an-attacker"}
    assert "lastgood_flow" not in {one.name for one in client.cookies.jar}
    page = client.get("/")
    assert 200 == page.status_code
    assert 401 == client.get(address).status_code  # the way back is gone
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf is not None
    client.post("/logout", data={"csrf": csrf[1]}, headers={"origin": server.url})
    client.cookies.set("lastgood_session", session)
    assert 303 == client.get("/").status_code


def is_refused(server: Server) -> None:
    victim = server.client()
    sent_back(victim)
    theirs = sent_back(server.client())  # of an attacker who wants the victim in their account
    assert 401 == victim.get(theirs).status_code
    assert "" == session_of(victim)
    answers = []
    for _ in range(6):
        victim.cookies.set("lastgood_flow", "state.nonce.verifier.%2F")
        answers.append(victim.get("/login/oidc/callback?code=x&state=other").status_code)
    assert [401] * 4 + [429] * 2 == answers


@pytest.mark.slow
def test_without_a_provider_there_is_no_other_way_in(tmp_path: Path) -> None:
    """Off unless it is set."""
    with serving(tmp_path) as server:
        client = server.client()
        assert "oidc" not in client.get("/login").text
        assert [404, 404] == [
            client.get(f"/login/oidc{more}").status_code for more in ("", "/callback?code=x")
        ]
