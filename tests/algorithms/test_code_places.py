"""Places in code that errors name."""

from time import process_time

import pytest

from lastgood.algorithms.code_places import CodePlace, added_lines, is_file, places

PYTHON = """Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/flask/app.py", line 880, in full_dispatch_request
    rv = self.dispatch_request()
  File "/srv/app/shop/views.py", line 40, in checkout
    total = price(cart)
  File "/srv/app/shop/pricing.py", line 12, in price
    return cart["total"] / rate
ZeroDivisionError: division by zero"""
JAVA = """java.lang.IllegalStateException: no slot
\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)
\tat com.acme.slots.SlotFinder.next(SlotFinder.java:77)
\tat com.acme.web.BookingController.book(BookingController.java:31)"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PYTHON, [("/srv/app/shop/pricing.py", 12), ("/srv/app/shop/views.py", 40)]),
        (JAVA, [("com/acme/slots/SlotFinder.java", 77), ("com/acme/web/BookingController.java", 31)]),
        ("thread 'main' panicked at src/energy.rs:4:36: called `Option::unwrap()`", [("src/energy.rs", 4)]),
        ("   at Shop.Cart.Total() in /src/Shop/Cart.cs:line 58", [("/src/Shop/Cart.cs", 58)]),
        ("PHP Fatal error: Uncaught Error in /var/www/src/Hold.php:33", [("/var/www/src/Hold.php", 33)]),
        ("Undefined index: id in /var/www/src/Hold.php on line 33", [("/var/www/src/Hold.php", 33)]),
        ("#0 C:\\site\\src\\Hold.php(33): find()", [("C:/site/src/Hold.php", 33)]),
        ("    (shop 0.1.0) lib/shop/cart.ex:9: Shop.Cart.total/1", [("lib/shop/cart.ex", 9)]),
        ("took 12.5s at 10:04", []),
        ("see docs/readme.md:12", []),
    ],
)
def test_places_are_read_from_where_the_error_was_raised_outwards(
    text: str, expected: list[tuple[str, int]]
) -> None:
    """Without those of libraries."""
    assert [CodePlace(file, line, depth) for depth, (file, line) in enumerate(expected)] == places(text)


@pytest.mark.parametrize(
    ("named", "changed", "same"),
    [
        ("/srv/app/shop/pricing.py", "shop/pricing.py", True),
        ("src/energy.rs", "src/energy.rs", True),
        ("com/acme/slots/SlotFinder.java", "slots/src/main/java/com/acme/slots/SlotFinder.java", True),
        ("/app/dist/pricing.js", "src/pricing.ts", True),
        ("SlotFinder.java", "src/main/java/com/acme/SlotFinder.java", True),
        ("/srv/a/views.py", "b/views.py", False),  # a name that many files have
        ("/srv/a/index.js", "src/index.ts", False),
        ("/srv/app/shop/pricing.py", "shop/prices.py", False),
        ("/app/other/pricing.py", "shop/pricing.py", False),
        ("", "a.py", False),
    ],
)
def test_a_file_is_known_by_the_end_of_its_path(named: str, changed: str, same: bool) -> None:
    """By its name alone where that is not one of many."""
    assert same is is_file(named, changed)


@pytest.mark.parametrize(
    ("named", "changed", "same"),
    [
        ("/app/app.py", "app.py", True),
        ("app.py", "app.py", True),
        ("/srv/cart/main.go", "main.go", True),
        ("/usr/src/app/server.js", "server.js", True),
        ("/app/src/index.js", "index.js", False),  # another one, in a folder of the program
        ("/app/admin/views.py", "views.py", False),
        ("/app/app.py", "shop/app.py", False),
    ],
)
def test_a_file_at_the_top_of_its_own_repository_is_known_whatever_its_name(
    named: str, changed: str, same: bool
) -> None:
    """Of another repository a name that many files have means nothing."""
    assert same is is_file(named, changed, own=True)
    assert not is_file(named, changed)


def test_added_lines_are_numbered_as_after_the_change() -> None:
    """Context counts, what is taken away does not."""
    diff = "--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,4 @@\n a\n-b\n+c\n+d\n e\n@@ -10 +11,2 @@\n f\n+g\n\\ No newline at end of file\n"

    assert {"x.py": frozenset({2, 3, 12})} == added_lines(diff)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["a." * 10_000, "/a" * 10_000, "1" * 20_000, "a.py:" * 4_000])
def test_long_texts_take_little_time(text: str) -> None:
    """A path is as long as paths are, and the last part of it is enough."""
    began = process_time()
    assert places(text) == []
    assert process_time() - began < 1
    assert places(f"{'/a' * 500}/cart.py:12")[0].line == 12


def test_a_hunk_at_no_line_that_a_file_has_adds_none() -> None:
    """Whoever writes diffs may write anything."""
    assert added_lines(f"+++ b/x\n@@ -1 +{'9' * 5_000} @@\n+a\n") == {}
