"""Certificate files that an edit takes no longer."""

import pytest

from lastgood.algorithms.diffs.effects import effects
from lastgood.algorithms.diffs.kinds import EffectKind


def taken(path: str, diff: str) -> list[str]:
    """Which file became which, by the effects of a diff."""
    found = effects(f"--- a/{path}\n+++ b/{path}\n@@ -1,4 +1,4 @@\n{diff}", (path,))
    return [one.what for one in found if one.kind is EffectKind.CERTIFICATE_CHANGED]


@pytest.mark.parametrize(
    ("path", "diff", "what"),
    [
        (
            "deploy/renew.sh",
            "-cat fullchain.pem privkey.pem > haproxy.pem\n+cat cert.pem privkey.pem > haproxy.pem\n",
            "fullchain.pem → cert.pem",
        ),
        ("haproxy.cfg", "-  bind :443 ssl crt /etc/ssl/shop.pem\n+  bind :443\n", "shop.pem → none"),
        (
            "Trust.java",
            '-    load("client.jks");\n+    load("next.jks", "roots.jks");\n',
            "client.jks → next.jks, roots.jks",
        ),
        ("deploy/copy.sh", "-cp *.PEM /srv\n+cp site.p12 /srv\n", "*.PEM → site.p12"),
    ],
)
def test_another_file_or_none_is_taken(path: str, diff: str, what: str) -> None:
    """In scripts, settings and code; what both sides name stays out."""
    assert [what] == taken(path, diff)


def test_the_effect_rests_on_the_new_line() -> None:
    """On the old one where none comes instead."""
    hunk = "--- a/x.sh\n+++ b/x.sh\n@@ -7,2 +7,2 @@\n-cp a.pem /srv\n"
    new, old = (effects(diff, ("x.sh",))[0] for diff in (f"{hunk}+cp b.pem /srv\n", hunk))

    assert [("cp b.pem /srv", 7), ("cp a.pem /srv", 7)] == [(one.line, one.number) for one in (new, old)]


def test_a_setting_and_the_file_that_it_names_are_one_effect() -> None:
    """Of the same line."""
    assert ["cert_file a.pem → b.pem"] == taken("tls.yaml", "-cert_file: a.pem\n+cert_file: b.pem\n")


@pytest.mark.parametrize(
    "diff",
    [
        "-cat cert.pem privkey.pem > a\n+cat cert.pem privkey.pem > b\n",
        "-cp cert.pem /srv\n+install -m 600 cert.pem /srv\n",
        "+cp cert.pem /srv\n",  # nothing is lost
        "-# was cert.pem once\n",
        "-cp shop.pemberley /srv\n",
    ],
)
def test_the_same_files_are_no_effect(diff: str) -> None:
    """Whatever else is done with them."""
    assert [] == taken("deploy/renew.sh", diff)
