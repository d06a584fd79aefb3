"""Faults in words: what happened, on one line, or the fault itself when debugging."""

import pytest

from lastgood.workbench.faults import fault_of, missing_of


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("a fault of Lastgood: KeyError: 'x'", KeyError("x")),
        ("a fault of Lastgood: ZeroDivisionError", ZeroDivisionError()),
        ("a fault of Lastgood: ValueError: two lines ?", ValueError("two\n  lines \ud83d")),
        ("a fault of Lastgood: ValueError: " + "x" * 200, ValueError("x" * 1_000)),
    ],
)
def test_a_fault_is_named_on_one_line(words: str, fault: Exception) -> None:
    """With its class, and as much of its text as people read."""
    assert words == fault_of(fault)


@pytest.mark.parametrize("off", ["", "0"])
def test_when_debugging_it_is_raised(monkeypatch: pytest.MonkeyPatch, off: str) -> None:
    """Only then."""
    monkeypatch.setenv("LASTGOOD_DEBUG", off)
    assert "KeyError" in fault_of(KeyError())

    monkeypatch.setenv("LASTGOOD_DEBUG", "1")
    with pytest.raises(KeyError):
        fault_of(KeyError())


@pytest.mark.parametrize(
    ("words", "fault", "sent"),
    [
        ("'items' is missing; x sent a list of 0", KeyError("items"), "x sent a list of 0"),
        ("a part is missing", TypeError("list indices must be integers"), ""),
        ("a fault of Lastgood: ZeroDivisionError", ZeroDivisionError(), "x sent an object"),
    ],
)
def test_what_another_system_did_not_send_is_no_fault_of_ours(
    words: str, fault: Exception, sent: str
) -> None:
    """It is named; an exception of another kind stays ours."""
    assert words == missing_of(fault, sent)
