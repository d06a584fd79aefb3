"""Broken set-ups, each really broken: the doctor finds the one thing that is wrong, and what to do about it."""

import json
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from lastgood.config import Settings, SourceOf, configured, settings
from lastgood.errors import LastgoodError
from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.surfaces.wording import PLAIN
from lastgood.workbench import doctor_sources
from lastgood.workbench.doctor import LITTLE_SPACE, Machine, doctor, settings_only
from sites import authority, says, site
from systems import Answer, System, loki, running

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
TABLE = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "fixtures" / "broken_setups.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@dataclass
class Setup:
    """What a test breaks."""

    folder: Path
    patch: pytest.MonkeyPatch
    stack: ExitStack
    sources: list[SourceOf] = field(default_factory=list)
    inputs: list[Path] = field(default_factory=list)
    free: int = int(LITTLE_SPACE)
    toml: str | None = ""
    store: str = ""
    record: str = ""

    def system(self, *faults: Answer, routes: dict[str, Any] | None = None, **source: str) -> None:
        """A system that answers so."""
        played = System(routes, list(faults)) if routes is not None else loki([])
        played.faults.extend(faults if routes is None else [])
        url = self.stack.enter_context(running(played))
        self.source(**{"kind": "loki", "url": url, **source})

    def source(self, **source: Any) -> None:
        """One more source."""
        self.sources.append(SourceOf(**{"name": "prod", "kind": "loki", **source}))

    def tls(self, *names: str, days: int = 30, trusted: bool = True) -> None:
        """A system behind TLS, with a certificate for these names."""
        made = authority(self.folder)
        talk = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        port = self.stack.enter_context(site(talk, tls=made.context(*names, days=days)))
        self.source(url=f"https://localhost:{port}", ca_file=str(made.file) if trusted else "")

    def kubectl(self, script: str) -> None:
        """A program that plays kubectl."""
        program = self.folder / "bin" / "kubectl"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        self.patch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        self.source(kind="kubernetes", target="prod")

    def file(self, name: str, content: bytes) -> None:
        """One more input."""
        (self.folder / name).write_bytes(content)
        self.inputs.append(self.folder / name)


def _proxy(one: Setup) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        one.patch.setenv(name, "http://127.0.0.1:9")
    one.patch.delenv("NO_PROXY", raising=False)
    one.patch.delenv("no_proxy", raising=False)
    one.source(url="http://loki.example:3100")


def _no_repository(one: Setup) -> None:
    (one.folder / "repo" / ".git").mkdir(parents=True)
    one.inputs.append(one.folder / "repo")


def _loop(one: Setup) -> None:
    (one.folder / "loop").symlink_to(one.folder / "loop")
    one.inputs.append(one.folder / "loop")


def _no_database(one: Setup) -> None:
    (one.folder / "record.db").write_bytes(b"this is no database at all\n" * 100)
    one.record = f"sqlite:///{one.folder}/record.db"


def _no_kubectl(one: Setup) -> None:
    one.patch.setenv("PATH", str(one.folder))
    one.source(kind="kubernetes")


def _no_program(one: Setup) -> None:
    one.toml = '[[action]]\nkind = "x"\ncommand = ["no-such-program"]\n'


def _github(_: Any) -> Any:
    return {"full_name": "shop/checkout", "permissions": {"push": True, "pull": True}}


def _late(one: Setup) -> None:
    date = format_datetime(NOW - timedelta(minutes=5), usegmt=True)
    labels = json.dumps({"status": "success", "data": ["app"]}).encode()
    one.system(routes={"/loki/api/v1/labels": lambda _: (200, {"Date": date}, labels)})


def _toml(text: str | None) -> Callable[[Setup], None]:
    def made(one: Setup) -> None:
        one.toml = text

    return made


def _attribute(**values: Any) -> Callable[[Setup], None]:
    def made(one: Setup) -> None:
        for name, value in values.items():
            setattr(one, name, value)

    return made


def answers(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> Callable[[Setup], None]:
    """A Loki that answers so."""
    return lambda one: one.system((status, headers or {}, body))


CONTEXT = 'echo "error: context \\"prod\\" does not exist" >&2; exit 1'
HANGS = "system that hangs"  # until the time of a source is over
BREAK: dict[str, Callable[[Setup], None]] = {
    "wrong port": lambda one: one.source(url="http://127.0.0.1:9"),
    "certificate expired": lambda one: one.tls("localhost", days=-1),
    "unknown authority": lambda one: one.tls("localhost", trusted=False),
    "certificate of another host": lambda one: one.tls("elsewhere.example"),
    "no TLS on the port": lambda one: one.source(url=f"https://127.0.0.1:{one.stack.enter_context(site(says(b'HTTP/1.1 400 x')))}"),
    "no HTTP on the port": lambda one: one.source(url=f"http://127.0.0.1:{one.stack.enter_context(site(says(b'SSH-2.0-OpenSSH')))}"),
    "no file of authorities": lambda one: one.source(url="https://127.0.0.1:9", ca_file="/nowhere/ca.pem"),
    "no credential": answers(401),
    "no tenant": answers(401, b"no org id"),
    "no right": answers(403),
    "rate limit": answers(429, headers={"Retry-After": "60"}),
    "wrong path": answers(404),
    "log-in page": answers(200, b"<html>Log in</html>"),
    "redirect": answers(302, headers={"Location": "/login"}),
    "gateway without system": answers(503, headers={"Retry-After": "60"}),
    "system that fails": answers(500),
    HANGS: answers(200, b"{}" * 100, {"X-Drip": "1"}),
    "other system": lambda one: one.system(kind="jaeger", routes={"/api/services": lambda _: ["no", "object"]}),
    "proxy that is down": _proxy,
    "name that does not resolve": lambda one: one.source(url="http://no-such-host.invalid:3100"),
    "clock five minutes behind": _late,
    "empty Prometheus": lambda one: one.system(kind="prometheus", routes={"/api/v1/label/__name__/values": lambda _: {"status": "success", "data": []}}),
    "status page that is no JSON": lambda one: one.system(name="stripe", kind="statuspage", routes={"/api/v2/incidents.json": lambda _: (200, {}, b"<html>")}),
    "token that may push": lambda one: one.system(kind="github", target="shop/checkout", routes={"/repos/shop/checkout": _github, "/repos/shop/checkout/deployments": lambda _: [{"id": 1}]}),
    "no kubectl": _no_kubectl,
    "no such context": lambda one: one.kubectl(CONTEXT),
    "context without rights": lambda one: one.kubectl('case "$*" in *pods/log*) echo no; exit 1;; *) echo yes;; esac'),
    "context that may delete": lambda one: one.kubectl("echo yes"),
    "variable that is not set": lambda one: one.source(url="http://127.0.0.1:9", token="$LG_NO_TOKEN"),  # noqa: S106 - a name
    "unknown kind": lambda one: one.source(kind="graphite"),
    "folder that is no repository": _no_repository,
    "file that cannot be read": lambda one: one.inputs.append(Path("/proc/self/mem")),
    "link that leads nowhere": _loop,
    "file that is not there": lambda one: one.inputs.append(one.folder / "none"),
    "empty file": lambda one: one.file("empty.log", b""),
    "file that nothing recognises": lambda one: one.file("x.bin", b"\0\1\2\3" * 50),
    "folder for the record that cannot be written": _attribute(record="sqlite:////proc/lastgood/record.db"),
    "record that is no database": _no_database,
    "folder for the store that cannot be written": _attribute(store="chdb:///proc/lastgood/store"),
    "no space": _attribute(free=100_000_000),
    "little space": _attribute(free=2_000_000_000),
    "nothing to ask": lambda _: None,
    "unknown key": _toml('zones = "UTC"\n'),
    "not TOML": _toml("a = "),
    "program that is missing": _no_program,
    "no settings": _toml(None),
}  # fmt: skip


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    """A machine of the test's own, on which nothing is broken yet."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("LASTGOOD_CONFIG", "LASTGOOD_STORE", "LASTGOOD_RECORD", "LG_NO_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(doctor_sources, "BOUNDS", replace(doctor_sources.BOUNDS, seconds=2, step_seconds=1))
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        yield Setup(tmp_path, monkeypatch, stack)


def found(setup: Setup) -> Sequence[Diagnosis]:
    """What the doctor finds."""
    if setup.toml is not None:
        (setup.folder / "lastgood.toml").write_text(setup.toml)
    try:
        config = configured()
    except LastgoodError as problem:
        return settings_only(problem)
    given = replace(
        config, settings=Settings(source=tuple(setup.sources)), store=setup.store or config.store, record=setup.record or config.record
    )  # fmt: skip
    return doctor(given, Machine(lambda: NOW, lambda _: setup.free), setup.inputs)


@pytest.mark.parametrize(
    ("name", "what", "health", "sentence", "remedy"),
    [pytest.param(*row, id=row[0], marks=pytest.mark.slow if row[0] == HANGS else ()) for row in TABLE],
)
def test_a_broken_setup(setup: Setup, name: str, what: str, health: str, sentence: str, remedy: str) -> None:
    """The row of the table is found, and says what to do."""
    BREAK[name](setup)
    wrong = [
        replace(one, sentence=one.sentence.translate(PLAIN))
        for one in found(setup)
        if one.what.startswith(what) and one.health is not Health.GOOD
    ]

    assert wrong
    assert any(
        (one.health, sentence in one.sentence, remedy in one.remedy) == (Health(health), True, True)
        for one in wrong
    ), wrong


def test_the_table_has_every_setup_and_no_other() -> None:
    """At least forty of them."""
    assert set(BREAK) == {row[0] for row in TABLE}
    assert len(TABLE) >= 40


def test_nothing_is_wrong_with_a_machine_that_is_well(setup: Setup) -> None:
    """No credential is shown; nothing is left where there was nothing."""
    setup.patch.setenv("LG_TOKEN", "hidden-1")
    labels = json.dumps({"status": "success", "data": ["app"]}).encode()
    setup.system(routes={"/loki/api/v1/labels": lambda _: (200, {}, labels)}, token="$LG_TOKEN")  # noqa: S106 - a name
    said = found(setup)
    of_source = [one for one in said if one.what.startswith("source")]

    assert [Health.GOOD] == [one.health for one in of_source]
    assert "with a credential" in of_source[0].sentence
    assert "hidden-1" not in str(said)
    assert not [one for one in said if one.health is Health.BROKEN]
    assert not (setup.folder / "home" / "lastgood").exists()
    assert isinstance(settings(), Settings)
    assert ssl.OPENSSL_VERSION


@pytest.mark.parametrize(
    ("mode", "doubtful"), [("require", True), ("require&sslrootcert=/ca.pem", False), ("verify-full", False)]
)
def test_a_record_behind_tls_that_verifies_nothing(setup: Setup, mode: str, doubtful: bool) -> None:
    """It encrypts only; whether the server answers is another matter."""
    setup.record = f"postgresql://shop@db.invalid/record?sslmode={mode}"
    said = [one.sentence for one in found(setup) if one.what == "record" and one.health is Health.DOUBTFUL]
    assert doubtful is any("does not verify the server" in sentence for sentence in said)
