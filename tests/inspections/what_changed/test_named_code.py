"""Code that new errors name, against what changes touch."""

from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases import case_of, reported
from inspections.scenes import change
from lastgood.algorithms.code_places import CodePlace
from lastgood.inspections.what_changed.named_code import NamedCode, naming_code, read_named_code, runs_code_of
from lastgood.inspections.what_changed.weights import (
    ERRORS_WITH_PLACES,
    NAMES_FILE,
    NAMES_LINE,
    NAMES_OUTER,
    PLACES_LEAST,
    RAISED_ELSEWHERE,
)
from lastgood.model.judgement import Row
from lastgood.telemetry.tables import LOGS
from lastgood.workbench.load import load
from lastgood.workbench.store import Store
from worlds import START, put

NAMES = ("cart", "user", "page", "shelf", "order", "price", "stock")
WORLD = """
scenario  errors that name code
seed      5
time      2026-11-20 10:00 .. 10:20
logs      shop info "served" rate=1/s
"""
HERE = NamedCode("shop", CodePlace("/srv/shop/pricing.py", 12, 0))
AROUND = NamedCode("shop", CodePlace("/srv/shop/views.py", 40, 1))


def errors(*per_minute: float, before: float = 0.0) -> str:
    """A line of the scenario for each error, from the middle on; each names a file of its own."""
    return WORLD + "".join(
        f'logs      shop error "{NAMES[n]} failed in /srv/{NAMES[n]}.php:1" rate={before}/min then rate={rate}/min at 10:10\n'
        for n, rate in enumerate(per_minute)
    )


def files(store: Store, folder: Path, text: str) -> list[str]:
    """The files that are named."""
    named = read_named_code(case_of(store, reported(store, folder, text, 10)))
    return [one.place.file for one in named if not one.waited]


@pytest.mark.parametrize(("before", "named"), [(0.0, ["/srv/cart.php"]), (60.0, [])])
def test_errors_that_were_as_frequent_before_name_nothing(
    store: Store, tmp_path: Path, before: float, named: list[str]
) -> None:
    """Only those that became more frequent."""
    assert named == files(store, tmp_path, errors(60, before=before))


def test_rarer_errors_are_another_trouble(store: Store, tmp_path: Path) -> None:
    """By how often the most frequent one comes."""
    enough, too_few = 60 * PLACES_LEAST + 4, 60 * PLACES_LEAST - 4

    assert ["/srv/cart.php", "/srv/user.php"] == files(store, tmp_path, errors(60, enough, too_few))


def test_the_most_frequent_errors_are_read(store: Store, tmp_path: Path) -> None:
    """No more than a few."""
    assert ERRORS_WITH_PLACES == len(files(store, tmp_path, errors(*[60.0] * (ERRORS_WITH_PLACES + 1))))


@pytest.mark.parametrize(
    ("said", "named"),
    [("failed", ["/srv/cart.php"]), ("timed out", []), ("connection refused", []), ("deadlock found", [])],
)
def test_an_error_of_what_is_called_names_who_called(
    store: Store, tmp_path: Path, said: str, named: list[str]
) -> None:
    """Where it was waited is not where the fault is, but it tells whose code runs there."""
    case = case_of(store, reported(store, tmp_path, errors(60).replace("failed in", f"{said} in"), 10))
    (one,) = read_named_code(case)

    assert named == [found.place.file for found in [one] if not found.waited]
    assert bool(named) == bool(
        naming_code(change("c", "commit", 1, "shop", files=("srv/cart.php",)), {}, [one])
    )


def test_what_a_client_wrote_names_nothing(store: Store, tmp_path: Path) -> None:
    """The address of a request is no place in code."""
    line = '203.0.113.9 - - [20/Nov/2026:10:{:02d}:{:02d} +0000] "GET {} HTTP/1.1" 404 9 "-" "-"\n'
    paths = [(n, "/cart" if n < 600 else "/srv/cart.php:1") for n in range(1200)]
    (tmp_path / "access.log").write_text("".join(line.format(*divmod(n, 60), path) for n, path in paths))
    load(store, [tmp_path], now=START, zone=UTC)
    case = case_of(store, reported(store, tmp_path, WORLD, 10))
    assert [] == read_named_code(case)


@pytest.mark.parametrize(
    ("touched", "lines", "expected"),
    [
        (("shop/pricing.py",), {"shop/pricing.py": frozenset({11, 12})}, [NAMES_LINE]),
        (("shop/pricing.py",), {"shop/pricing.py": frozenset({11, 13})}, [NAMES_FILE]),
        (("shop/views.py", "shop/pricing.py"), {}, [NAMES_FILE]),
        (("shop/views.py",), {"shop/views.py": frozenset({40})}, [NAMES_OUTER]),
        (("shop/carts.py",), {"shop/carts.py": frozenset({12})}, [RAISED_ELSEWHERE]),
        (("README.md",), {}, []),
    ],
)
def test_where_the_error_is_raised_says_more_than_what_lies_around(
    touched: tuple[str, ...], lines: dict[str, frozenset[int]], expected: list[Row]
) -> None:
    """And a line that was changed more than its file."""
    found = naming_code(change("c", "commit", 1, "shop", files=touched), lines, [HERE, AROUND])

    assert expected == [reason.row for reason in found]
    assert all((reason.ratio > 1) == (reason.row is not RAISED_ELSEWHERE) for reason in found)


def test_an_error_just_frequent_enough_is_read(store: Store, tmp_path: Path) -> None:
    """By the most frequent one."""
    lines = [
        f"{NAMES[n]} failed in /srv/{NAMES[n]}.php:1"
        for n, many in ((0, 50), (1, round(50 * PLACES_LEAST)))
        for _ in range(many)
    ]
    case = case_of(store, reported(store, tmp_path, WORLD, 10))
    middle = case.comparison.bad.start if case.comparison else case.window.start
    columns: dict[str, list[Any]] = {
        "Timestamp": [middle + timedelta(seconds=5 + n) for n in range(len(lines))], "ServiceName": ["shop"] * len(lines),
        "SeverityText": ["ERROR"] * len(lines), "SeverityNumber": [17] * len(lines), "Body": lines,
    }  # fmt: skip
    put(store, LOGS, columns, "errors")

    assert ["/srv/cart.php", "/srv/user.php"] == [one.place.file for one in read_named_code(case)]


@pytest.mark.parametrize(
    ("service", "touched", "file", "found"),
    [
        ("shop", (), "/srv/shop/orders/views.py", {"shop": frozenset({"gunicorn"})}),  # its folder
        ("web-shop", ("orders/views.py",), "/app/orders/views.py", {"web-shop": frozenset({"gunicorn"})}),
        ("web-shop", ("carts/views.py",), "/app/orders/views.py", {}),
        ("gunicorn", ("orders/views.py",), "/app/orders/views.py", {}),  # it is called so
    ],
)
def test_a_server_runs_the_code_of_an_application_with_another_name(
    service: str, touched: tuple[str, ...], file: str, found: dict[str, frozenset[str]]
) -> None:
    """By the files that its errors name, of a party that no telemetry names."""
    named = [NamedCode("gunicorn", CodePlace(file, 7, 0), waited=True)]
    changes = [change("c", "commit", 1, service, files=touched)]

    assert found == runs_code_of(changes, {"gunicorn", "postgresql"}, named)
    assert {} == runs_code_of([*changes, change("d", "deploy", 1, "gunicorn")], {"gunicorn"}, named)
