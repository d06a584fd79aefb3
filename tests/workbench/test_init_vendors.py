"""Sources of vendors: from variables, without their secrets, and valid."""

import tomllib
from pathlib import Path

import pytest

from lastgood.outside.connectors._registry import connectors
from lastgood.workbench.check import checked_file
from lastgood.workbench.init import init
from lastgood.workbench.init_vendors import VENDORS, vendors_of

ALL = {name: f"hidden-{name}" for one in VENDORS for name in one.needs} | {
    "SENTRY_ORG": "shop", "SENTRY_PROJECT": "web", "ARGOCD_SERVER": "argocd.shop.test", "AWS_REGION": "eu-west-1",
}  # fmt: skip


def test_every_vendor_is_a_kind_and_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets by the names of their variables only."""
    monkeypatch.setenv("PATH", str(tmp_path))
    done = init(tmp_path / "lastgood.toml", tmp_path, ALL)
    text = done.path.read_text()
    sources = {one["kind"]: one for one in tomllib.loads(text)["source"]}

    assert {one.kind for one in VENDORS} == sources.keys() <= connectors().keys()
    assert "hidden" not in text
    assert [] == [one for one in checked_file(done.path)[1] if one.fatal]
    assert ("https://sentry.io/api/0", "shop/web", "$SENTRY_AUTH_TOKEN") == (
        sources["sentry"]["url"], sources["sentry"]["target"], sources["sentry"]["token"]
    )  # fmt: skip
    assert {"DD-API-KEY": "$DD_API_KEY", "DD-APPLICATION-KEY": "$DD_APP_KEY"} == sources["datadog"]["headers"]
    assert "https://api.datadoghq.com" == sources["datadog"]["url"]
    assert "https://logs.eu-west-1.amazonaws.com" == sources["cloudwatch-logs"]["url"]


def test_a_vendor_whose_variables_are_not_all_set_is_left() -> None:
    """One that is empty is not set; another site than the usual one counts."""
    assert [] == list(vendors_of({"DD_API_KEY": "a", "SENTRY_AUTH_TOKEN": "b", "DD_APP_KEY": ""}))
    ((_, settings, _),) = vendors_of({"DD_API_KEY": "a", "DD_APP_KEY": "b", "DD_SITE": "datadoghq.eu"})
    assert "https://api.datadoghq.eu" == settings["url"]
