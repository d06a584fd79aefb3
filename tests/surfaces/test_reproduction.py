"""The files of a reproduction."""

from lastgood.model.replay import CapturedRequest
from lastgood.model.reproduction import FailingPlace, MixedRoute, Reproduction
from lastgood.surfaces.reproduction import called, curl, files_of, payload_name
from records import START

ASKED = CapturedRequest(
    "PUT", "/a b?c='d'", headers={"authorization": "[from the environment]"}, body="not JSON"
)
PLACE = FailingPlace("python", "/app/orders.py", 3, "place", "", "x", "KeyError", "'zip'", "orders")


def test_credentials_come_from_the_environment() -> None:
    """The script refuses to run without them; a body that is no JSON has another name."""
    script = curl(ASKED)

    assert '"authorization: ${AUTHORIZATION:?set AUTHORIZATION}"' in script
    assert "'/a b?c='\"'\"'d'\"'\"''" in script
    assert "payload.txt" == payload_name(ASKED)


def test_the_page_lists_what_is_missing_and_replaced() -> None:
    """And the ladder; the load script has the mix with its rate."""
    route = MixedRoute("GET", "/", None, 0.75, 0.1)
    files = files_of(Reproduction(START, ASKED, None, ("$.email",), PLACE, (route,), 12.4, ("no body",)))

    assert {
        "README.md",
        "failing.sh",
        "load.js",
        "payload.txt",
        "requests.json",
        "test_place.py",
    } == files.keys()
    for words in ("- no body", "`$.email`", "/app/orders.py:3", "k6 run load.js", "test_place.py"):
        assert words in files["README.md"]
    assert "rate: 12," in files["load.js"]
    assert '"share": 0.75' in files["load.js"]
    assert "place" == called(PLACE)
