"""What can be seen from a machine; over the network goes one GET to each readiness endpoint, and nothing else."""

import json
import subprocess
from pathlib import Path

import pytest

from lastgood.outside.discovery import USUAL, Usual, discover, tried
from systems import Route, System, running

READY: dict[str, Route] = {"/ready": lambda _: (200, {}, b"ready\n")}


def usual(url: str) -> tuple[Usual, ...]:
    """Loki, at a port of the test's."""
    return (Usual("loki", "Loki", int(url.rpartition(":")[2]), "/ready", b"ready", ("LOKI_ADDR",)),)


def test_a_system_on_this_machine_that_is_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked once, without a proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    system = System(READY)
    with running(system) as url:
        (place,) = discover(tmp_path, {}, usual(url)).places
    (gone,) = discover(tmp_path, {}, usual(url)).places

    assert ("", [("/ready", {})]) == (place.problem, system.asked)
    assert "nothing answers" == gone.problem


def test_another_system_at_the_usual_port(tmp_path: Path) -> None:
    """Is not taken for it."""
    with running(System({"/ready": lambda _: (200, {}, b"<html>hello")})) as url:
        (place,) = discover(tmp_path, {}, usual(url)).places
    with running(System({})) as url:
        (other,) = discover(tmp_path, {}, usual(url)).places

    assert ("what answers is not Loki", "it answers 404 to /ready") == (place.problem, other.problem)


def test_an_address_of_the_environment_loses_its_password(tmp_path: Path) -> None:
    """It stands in for the usual one; what is not an address is not asked."""
    with running(System(READY)) as url:
        given = url.replace("http://", "http://me:hidden-1@") + "/?key=hidden-2"
        (place,) = discover(tmp_path, {"LOKI_ADDR": given}, usual(url)).places
    (bad,) = discover(tmp_path, {"LOKI_ADDR": "http://[::1"}, usual(url)).places

    assert (url, "LOKI_ADDR", "") == (place.url, place.variable, place.problem)
    assert "it is not an address" == bad.problem


def test_files_remotes_and_flags_of_a_folder(tmp_path: Path) -> None:
    """A file of flags is known by its form; links and hidden folders are not followed."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(
        ["git", "-C", str(tmp_path), "remote", "add", "o", "git@github.com:shop/checkout.git"], check=True
    )
    flags = {"flags": {"a": {"state": "ENABLED", "variants": {"on": True}, "defaultVariant": "on"}}}
    for name, document in (
        ("deploy/demo.flagd.json", flags),
        ("other.json", {"flags": [1]}),
        (".hidden/f.json", flags),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(document))
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    found = discover(tmp_path, {"LD_ACCESS_TOKEN": "hidden"}, ())

    assert (("shop/checkout",), 1) == (found.repositories, found.remotes)
    assert (("deploy/demo.flagd.json",), "compose.yaml") == (found.flags, found.compose)
    assert "LD_ACCESS_TOKEN" == found.launchdarkly
    assert "hidden" not in str(found)


def test_a_command_that_is_tried(tmp_path: Path) -> None:
    """Its first line, and whether it ended well."""
    assert (True, "hello") == tried(["sh", "-c", "echo hello; echo more"])
    assert (False, "no") == tried(["sh", "-c", "echo no >&2; exit 1"])
    assert not tried([str(tmp_path / "none")])[0]


def test_only_loopback_is_usual() -> None:
    """Each kind has a port and a readiness endpoint."""
    assert {"prometheus", "alertmanager", "loki", "tempo", "jaeger", "victorialogs", "zipkin"} == {
        one.kind for one in USUAL
    }
    assert all(one.port and one.path.startswith("/") for one in USUAL)


@pytest.mark.parametrize(
    ("remote", "project"),
    [
        ("git@gitlab.com:shop/web.git", ("gitlab.com", "shop/web")),
        ("https://gitlab.shop.test/team/shop/web/", ("gitlab.shop.test", "team/shop/web")),
        ("ssh://git@gitlab.shop.test:2222/shop/web.git", ("gitlab.shop.test", "shop/web")),
        ("https://oauth2:hidden-1@gitlab.com/shop/web.git", ("gitlab.com", "shop/web")),
    ],
)
def test_a_project_of_a_gitlab(tmp_path: Path, remote: str, project: tuple[str, str]) -> None:
    """By the name of its host; groups may be nested, and a password is left."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "o", remote], check=True)

    assert (project,) == discover(tmp_path, {}, ()).projects
