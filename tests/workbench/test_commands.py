"""Templates of commands filled in: what is refused, and that a value stays one argument."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastgood.algorithms.secrets import BLOT
from lastgood.errors import UsageError
from lastgood.workbench.commands import filled, filled_text, recorded


def test_values_stand_where_their_fields_are() -> None:
    """Several in one argument; doubled braces are braces."""
    template = ("kubectl", "-n", "{ns}", "undo", "deployment/{service}", "-o", "jsonpath={{.status}}")

    assert ("kubectl", "-n", "shop", "undo", "deployment/web", "-o", "jsonpath={.status}") == filled(
        template, {"ns": "shop", "service": "web"}, "rollback"
    )


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        (("do", "{service}"), {}, r"rollback needs a value for \{service\}"),
        (("do", "{service}"), {"service": ""}, "and it is empty"),
        (("do", "{service}"), {"service": "--all"}, "begins with a dash"),
        (("do", "x={service}"), {"service": "-1"}, "begins with a dash"),
        (("do", "{service}"), {"service": "web\nrm"}, "cannot be seen"),
        (("do", "{service}"), {"service": "web\u202etxt"}, "cannot be seen"),
        (("do", "{service}"), {"service": "web\x00"}, "cannot be seen"),
        (("{service}", "x"), {"service": "rm"}, "takes its program from a value"),
        (("sh", "-c", "undo {service}"), {"service": "web"}, "value inside a script"),
        (("sudo", "/bin/bash", "-ec", "undo {service}"), {"service": "web"}, "value inside a script"),
        (("do", "{service"), {"service": "web"}, r"lone \{"),
        (("do", "{a b}"), {}, r"lone \{"),
        ((), {}, "has no command"),
    ],
)
def test_what_could_do_something_else_is_refused(
    template: tuple[str, ...], values: dict[str, str], said: str
) -> None:
    """With the field and the reason."""
    with pytest.raises(UsageError, match=said):
        filled(template, values, "rollback")


def test_a_missing_value_is_named_with_how_to_give_it() -> None:
    """As the hint."""
    with pytest.raises(UsageError) as caught:
        filled(("do", "{namespace}"), {"service": "web"}, "restart")

    assert "--set namespace=" in caught.value.hint


def test_after_the_end_of_options_a_dash_is_only_a_dash() -> None:
    """And a script takes its values as arguments."""
    assert ("do", "--", "-web") == filled(("do", "--", "{service}"), {"service": "-web"}, "x")
    assert ("sh", "-c", 'echo "$1"', "sh", "web") == filled(
        ("sh", "-c", 'echo "$1"', "sh", "{service}"), {"service": "web"}, "x"
    )


def test_a_secret_is_not_recorded() -> None:
    """Neither as a value of its name, nor as it stands in the template."""
    template = ("curl", "-H", "Authorization: Bearer {token}", "https://me:pw@flags/{flag}")

    assert ("curl", "-H", f"Authorization: Bearer {BLOT}", f"https://me:{BLOT}@flags/anz") == recorded(
        template, {"token": "s3cret", "flag": "anz"}, "flag_off"
    )


def test_a_target_effect_is_filled_in_too() -> None:
    """It is text, so a dash may begin a value."""
    assert "fails(service=-x) at baseline" == filled_text(
        "fails(service={service}) at baseline", {"service": "-x"}, "rollback"
    )


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30))
def test_a_value_arrives_as_one_argument(value: str) -> None:
    """Whatever a shell would make of it, and braces in it are no fields."""
    arguments = filled(("do", "--", "a{x}b"), {"x": value}, "x")

    assert ("do", "--", f"a{value}b") == arguments


def test_a_real_program_gets_the_value_as_it_is() -> None:
    """No shell has read it."""
    value = "$(touch /tmp/x); `id` | cat > 'y' \"z\" *"
    command = filled((sys.executable, "-c", "import sys; print(sys.argv[1:])", "{x}"), {"x": value}, "x")

    assert f"{[value]}\n" == subprocess.run(command, capture_output=True, text=True, check=True).stdout
