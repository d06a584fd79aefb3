"""The first settings: written once, valid, and without a secret."""

import tomllib
from pathlib import Path

import pytest

from lastgood.errors import UsageError
from lastgood.outside import discovery
from lastgood.workbench.check import checked_file
from lastgood.workbench.commands import filled
from lastgood.workbench.init import init
from systems import System, running


def kubectl(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that plays it; gives the file with what it was asked."""
    (folder / "bin").mkdir()
    asked = folder / "asked"
    (folder / "bin" / "kubectl").write_text(
        f"""#!/bin/sh
echo "$@" >> {asked}
case "$*" in
"config get-contexts"*) printf 'prod\\nwith "quote"\\n' ;;
*"get deployments"*) echo deployment.apps/checkout ;;
*"rollout undo"*) echo "rolled back (server dry run)" ;;
*) echo forbidden >&2; exit 1 ;;
esac
"""
    )
    (folder / "bin" / "kubectl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    return asked


def test_what_is_found_is_written_and_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with names that need quoting; no cluster is asked."""
    asked = kubectl(tmp_path, monkeypatch)
    with running(System({"/ready": lambda _: (200, {}, b"ready")})) as url:
        done = init(tmp_path / "lastgood.toml", tmp_path, {"LOKI_ADDR": url, "GITHUB_TOKEN": "hidden-1"})
    text = done.path.read_text()

    assert [] == [one for one in checked_file(done.path)[1] if one.fatal]
    assert f'url = "{url}"' in text
    assert 'target = "with \\"quote\\""' in text
    assert "hidden-1" not in text
    assert {"rollback", "scale", "restart"} == {one.kind for one in done.actions}
    assert all(one.passed is None for one in done.actions)
    assert all(line.startswith("config ") for line in asked.read_text().splitlines())


def test_with_a_context_each_action_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a dry run of the server; what fails is commented out; what has no dry run is not tried."""
    asked = kubectl(tmp_path, monkeypatch)
    done = init(tmp_path / "lastgood.toml", tmp_path, {}, context="prod")
    changing = [line for line in asked.read_text().splitlines() if "rollout" in line or "scale" in line]

    assert {"rollback": True, "scale": False, "restart": None} == {
        one.kind: one.passed for one in done.actions
    }
    assert '# kind = "scale"' in done.path.read_text()
    assert changing
    assert all("--dry-run=server" in line for line in changing)
    assert [] == [one for one in checked_file(done.path)[1] if one.fatal]


CONTEXTS = '"config get-contexts"*) echo prod ;;'
NO = "*) echo 'Error: not in this world' >&2; exit 1 ;;"
PLAYED = {
    "kubectl": f"""{CONTEXTS}
*"get deployments"*) echo deployment.apps/checkout ;;
*"scale deployment/checkout --replicas=1 --dry-run=server") echo "deployment.apps/checkout scaled (server dry run)" ;;
*"rollout undo"*"--dry-run=server") echo 'error: no rollout history found for deployment "checkout"' >&2; exit 1 ;;
{NO}""",
    "helm": f"""*"list --short") echo shop ;;
*"rollback --dry-run -- shop") echo "Rollback was a success! Happy Helming!" ;;
{NO}""",
    "nomad": NO,
    "systemctl": NO,
}


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, *names: str) -> Path:
    """Programs that answer what their documentation shows; gives the file with what they were asked."""
    (folder / "bin").mkdir()
    asked = folder / "asked"
    asked.touch()
    for name in names:
        path = folder / "bin" / name
        path.write_text(f'#!/bin/sh\necho "{name} $@" >> {asked}\ncase "$*" in\n{PLAYED[name]}\nesac\n')
        path.chmod(0o755)
    for name in ("sh", "git"):
        (folder / "bin" / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(folder / "bin"))
    return asked


def test_the_tool_whose_dry_run_passed_is_the_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubectl knows no earlier revision, Helm does; what passed is in force, and nothing else."""
    asked = programs(tmp_path, monkeypatch, "kubectl", "helm")
    done = init(tmp_path / "lastgood.toml", tmp_path, {}, context="prod")
    in_force = tomllib.loads(done.path.read_text())["action"]

    assert {"rollback": ("helm", True), "scale": ("kubectl", True), "restart": ("kubectl", None)} == {
        one.kind: (one.tool, one.passed) for one in done.actions
    }
    assert {"rollback": "helm", "scale": "kubectl"} == {one["kind"]: one["command"][0] for one in in_force}
    changing = [
        line for line in asked.read_text().splitlines() if "config" not in line and "--dry-run" not in line
    ]
    assert ["get deployments -o name", "list --short"] == [
        line.partition("10s ")[2] or line.partition("prod ")[2] for line in changing
    ]


def test_nomad_and_systemd_have_no_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their templates are commented out, and neither is asked anything."""
    asked = programs(tmp_path, monkeypatch, "nomad", "systemctl")
    monkeypatch.setattr(discovery, "SYSTEMD", tmp_path)
    one = init(tmp_path / "one.toml", tmp_path, {"NOMAD_ADDR": "http://127.0.0.1:9"})
    other = init(tmp_path / "other.toml", tmp_path, {})

    assert {"rollback": "nomad", "scale": "nomad", "restart": "nomad"} == {
        action.kind: action.tool for action in one.actions
    }
    assert [("restart", "systemd")] == [(action.kind, action.tool) for action in other.actions]
    assert "action" not in tomllib.loads(one.path.read_text()) | tomllib.loads(other.path.read_text())
    assert not asked.read_text()
    for action in (*one.actions, *other.actions):
        hostile = {"service": "$(touch x); `id`", "replicas": "1", "job_version": "3"}
        assert hostile["service"] in filled(action.command, hostile, action.kind)
        with pytest.raises(UsageError, match="cannot be seen"):
            filled(action.command, {**hostile, "service": "a\nb"}, action.kind)


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that exists, a context that does not, a place that cannot be written."""
    kubectl(tmp_path, monkeypatch)
    path = tmp_path / "lastgood.toml"
    path.write_text("# mine\n")

    with pytest.raises(UsageError, match="exists"):
        init(path, tmp_path, {})
    with pytest.raises(UsageError, match="no context 'dev'"):
        init(path, tmp_path, {}, context="dev", force=True)
    with pytest.raises(UsageError, match="cannot be written"):
        init(Path("/proc/lastgood/lastgood.toml"), tmp_path, {})
    assert "# mine\n" == path.read_text()
    assert "[[source]]" in init(path, tmp_path, {}, force=True).path.read_text()


def test_a_link_beside_the_file_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloned folder may hold links of any name; what they lead to stays, and the settings are a file for their owner."""
    kubectl(tmp_path, monkeypatch)
    (tmp_path / "victim").write_text("mine")
    (tmp_path / ".lastgood.toml.new").symlink_to(tmp_path / "victim")
    done = init(tmp_path / "lastgood.toml", tmp_path, {})

    assert "mine" == (tmp_path / "victim").read_text()
    assert not done.path.is_symlink()
    assert 0o600 == done.path.stat().st_mode & 0o777
