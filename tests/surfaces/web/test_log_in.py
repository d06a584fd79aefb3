"""Log-in, against a server that runs."""

import re
from pathlib import Path

import pytest

from lastgood.surfaces.web.log_in import local
from servers import PASSWORD, serving


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
