"""What is kept of an answer."""

from lastgood.outside.probe.answer import Answer


def test_only_what_matters_is_kept_without_secrets() -> None:
    """Headers about caches and edges; of the body its size, and its start where it was asked for."""
    answer = Answer("1.1")
    answer.came()
    for name, value in (("Via", "1.1 edge"), ("Set-Cookie", "sid=1"), ("Location", "/x?token=hunter22")):
        answer.header(name, value)
    for piece in (b"12345", b"67890"):
        answer.body(piece, 7)
    made = answer.exchange("late")

    assert {"via": "1.1 edge", "location": "/x?token=[redacted]"} == made.headers
    assert (10, "1234567", "late") == (made.size, made.body, made.problem)
    assert "/x?token=hunter22" == answer.location
    assert made.first_byte is not None
