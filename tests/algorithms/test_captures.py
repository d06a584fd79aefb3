"""Requests out of curl text and HAR documents."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.captures import (
    from_curl,
    from_har,
    holds_a_credential,
    is_credential,
    pair_of,
    route,
    without_credentials,
)
from lastgood.model.replay import CapturedRequest
from lastgood.surfaces.request_files import curl

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\\"), max_size=20)


@given(TEXT, st.sampled_from(["POST", "PUT", "DELETE"]))
def test_what_is_written_as_curl_is_read_again(body: str, method: str) -> None:
    """Method, headers and body survive a shell script, whatever is in them."""
    request = CapturedRequest(method, "/a?b=1", headers={"content-type": "text/x", "x-a": "'\"$"}, body=body)
    script = curl(request).replace('"${TARGET:-http://localhost:8000}"', "http://h")

    found = from_curl(script)

    assert found
    assert (request.method, request.path, request.body) == (found.method, found.path, found.body)
    assert request.headers == found.headers


def test_the_many_ways_of_curl() -> None:
    """Short options with and without a blank, long ones with =, data in the address, logins, forms, files."""
    found = from_curl(
        "curl -XPUT https://u:p@h/a -H'A: b' --max-time 3 --json '{\"n\":1}' -u me:secret -b c=1"
    )
    got = from_curl("curl -sS -G h/a?x=1 -d y=2")
    odd = from_curl("curl h -d @body.json -F photo=@a.png")

    assert found
    assert ("PUT", "h", '{"n":1}') == (found.method, found.host, found.body)
    assert {"a": "b", "cookie": "c=1", "content-type": "application/json"}.items() <= found.headers.items()
    assert "secret" not in str(found)
    assert got
    assert ("GET", "/a?x=1&y=2", None) == (got.method, got.path, got.body)
    assert odd
    assert 2 == len(odd.missing)
    assert [None, None, None] == [from_curl(text) for text in ("", "wget h", "curl 'open")]


def har(*entries: tuple[str, str, int]) -> tuple[CapturedRequest, ...]:
    """A HAR document of methods, addresses and statuses."""
    listed = [
        {
            "request": {"method": method, "url": url, "headers": [{"name": "X-A", "value": url}]},
            "response": {"status": s},
        }
        for method, url, s in entries
    ]
    return from_har(json.loads(json.dumps({"log": {"entries": listed}})))


def test_the_failing_entry_and_one_of_its_route() -> None:
    """Server errors come before those of a client; numbers in a path do not part routes; a body that is not there is said."""
    requests = har(
        ("GET", "http://h/a/1", 404), ("POST", "http://h/a/2?q=1", 500), ("POST", "http://h/b", 200), ("POST", "http://h/a/3", 201)
    )  # fmt: skip
    pair = pair_of(requests)

    assert pair
    assert pair[1]
    assert ("/a/2?q=1", "/a/3") == (pair[0].path, pair[1].path)
    assert pair[0].missing
    assert None is pair_of(requests[2:])
    assert () == from_har({"log": 1}) == from_har([1])
    assert "/a/*/b" == route("/a/17/b?c")


def test_documents_of_strangers() -> None:
    """An address that cannot be split is a path; odd values of a HAR document are no failure."""
    entry = {"request": {"url": "http://[::1/a", "bodySize": "x"}, "response": [1]}
    (found,) = from_har({"log": {"entries": [entry]}})

    assert ("/http://[::1/a", None) == (found.path, found.status)
    assert from_curl("curl 'http://[::1/a'")


def test_parameters_that_are_credentials() -> None:
    """By their names, however these are written."""
    assert ("/a?b=1", ("api_key", "Token")) == without_credentials("/a?api%5Fkey=1&b=1&Token=2")
    assert ("/a", ("q",)) == without_credentials("/a?q=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc")
    assert is_credential("x-forwarded-authorization", "Bearer abcdefgh1")
    assert not is_credential("accept", "text/html")
    assert ("/a", ("token",)) == without_credentials("/a?token=1")
    assert ("/a?&b", ()) == without_credentials("/a?&b")
    assert ("/a?se=2", ("sig",)) == without_credentials("/a?sig=abc&se=2")
    assert ("/a?b=1", ("user[password]", "SAMLResponse")) == without_credentials(
        "/a?user[password]=x&b=1&SAMLResponse=y"
    )
    assert ("/a/b;v=1/c?n=1", ("jsessionid", "sid")) == without_credentials(
        "/a;jsessionid=AB/b;v=1/c;sid=2?n=1"
    )
    assert ("/a?state=x", ("code",)) == without_credentials("/a?code=b&state=x")
    assert ("/a?code=DE", ()) == without_credentials("/a?code=DE#token=1")
    assert holds_a_credential("/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc")
    assert not holds_a_credential("/login/550e8400-e29b-41d4-a716-446655440000?token=1")


@pytest.mark.parametrize(
    "name",
    ["x-forwarded-user", "x-goog-iap-jwt-assertion", "dpop", "x-hub-signature-256", "x-auth-request-email", "ssl-client-cert",
     "x-forwarded-client-cert", "ocp-apim-subscription-key", "x-ms-client-principal", "x-amzn-oidc-data", "cookie2"],
)  # fmt: skip
def test_headers_that_prove_who_asks(name: str) -> None:
    """A proxy in front of the target believes them."""
    assert is_credential(name, "abc")


@pytest.mark.parametrize(
    "name", ["x-forwarded-for", "x-request-id", "idempotency-key", "x-design", "x-tenant"]
)
def test_headers_that_prove_nothing(name: str) -> None:
    """They are part of the request."""
    assert not is_credential(name, "abc")


@pytest.mark.slow
def test_telemetry_is_no_curl_text_at_once() -> None:
    """Every file that is named is offered: only curl text is taken apart."""
    started = process_time()
    assert None is from_curl("{'a': 1}\n" * 1_000_000)

    assert process_time() - started < 2


def test_a_mark_in_a_quoted_body_begins_no_comment() -> None:
    """Lines of comments before and after the command are none of it; a # at a line's begin in a body stays."""
    found = from_curl('# what failed\ncurl http://h/a --data-raw \'1\n# 2\n"3\' -H "x: \\"#"\n# end\n')

    assert found
    assert '1\n# 2\n"3' == found.body
    assert '"#' == found.headers["x"]
    option = from_curl("curl http://h/a --data-raw -m0")
    assert option
    assert ("-m0", "/a") == (option.body, option.path)
