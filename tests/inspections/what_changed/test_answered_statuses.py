"""Statuses that a diff answers with, against those that fail anew."""

import pytest

from lastgood.inspections.what_changed.answered_statuses import answering, statuses_of
from lastgood.inspections.what_changed.weights import ANSWERS_OTHERWISE, ANSWERS_SO, STATUS_SHARE


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('throw new ResponseStatusException(HttpStatus.CONFLICT, "closed");', {409}),
        ('http.Error(w, "gone", http.StatusGone)', {410}),
        ("abort(422)", {422}),
        ('raise HTTPException(status_code=403, detail="no")', {403}),
        ("return res.status(429).json({})", {429}),
        ("render json: {}, status: :unprocessable_entity", {422}),
        ("return Results.Conflict();", {409}),
        ("return StatusCode(StatusCodes.Status409Conflict);", {409}),
        ("throw new NotFoundException()", {404}),
        ("status = 200", set()),
        ("return res.status(503).end()", set()),  # as any fault
        ("const limit = 409;", set()),
    ],
)
def test_added_lines_name_statuses(line: str, found: set[int]) -> None:
    """As languages write them; what is removed does not count."""
    assert found == statuses_of(f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n+{line}\n")
    assert set() == statuses_of(f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{line}\n")


def test_the_status_that_fails_anew_speaks_for_it() -> None:
    """From a share on; another one speaks against it, where it is most of what fails."""
    most, less = STATUS_SHARE, STATUS_SHARE - 0.01

    assert [ANSWERS_SO] == [one.row for one in answering(frozenset({409}), {409: most, 500: 1 - most})]
    assert [ANSWERS_OTHERWISE] == [one.row for one in answering(frozenset({409}), {500: most, 502: 1 - most})]
    assert [] == answering(frozenset({409}), {500: less, 502: less / 2})
    assert [] == answering(frozenset(), {500: 1.0})
    assert [] == answering(frozenset({409}), {})
