"""Names that a change removes and errors ask for."""

import pytest

from inspections.scenes import segment
from lastgood.inspections.what_changed.taken_away import names_gone, taking_away
from lastgood.inspections.what_changed.weights import TAKES_NAME, TAKES_PART

DIFF = """--- a/zone.tf
+++ b/zone.tf
@@ -1,4 +1,2 @@
-  name = "baggage.ops.internal."
-  name = "crew.ops.internal."
+  name = "crew.ops.internal."
-  os.path.join(a)
-  origins = ["https://press.ops.internal"]
"""


def test_what_is_removed_and_not_added_is_gone() -> None:
    """Members of modules are no hosts."""
    assert {"baggage.ops.internal", "press.ops.internal"} == names_gone(DIFF)


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        ("UnknownHostException: baggage.ops.internal: Name or service not known", True),
        ("call of https://baggage.ops.internal/v2/loads failed", True),
        ("lookup old-baggage.ops.internal: no such host", False),
        ("lookup crew.ops.internal: no such host", False),
        ("", False),
    ],
)
def test_an_error_asks_for_it_by_its_whole_name(error: str, asked: bool) -> None:
    """In a sentence or in an address."""
    assert asked == ([TAKES_NAME] == [one.row for one in taking_away(names_gone(DIFF), [error])])


@pytest.mark.parametrize(
    ("value", "hit"),
    [
        ("https://baggage.ops.internal", True),
        ("baggage.ops.internal", True),
        ("https://crew.ops.internal", False),
        ("DE", False),
    ],
)
def test_those_who_have_it_are_those_that_fail(value: str, *, hit: bool) -> None:
    """The affected segment names it, such as a site that may no longer call."""
    found = taking_away(names_gone(DIFF), ["origin is not allowed"], segment({"origin": value}))

    assert [TAKES_PART] * hit == [one.row for one in found]
