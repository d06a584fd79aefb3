"""The parts that people write, as one text and back."""

from hypothesis import given
from hypothesis import strategies as st

from lastgood.model.postmortem import Part
from lastgood.surfaces.postmortem.parts import changed, template

WORDS = st.text(st.characters(exclude_characters="#[]", codec="utf-8"), min_size=1, max_size=60).map(
    str.strip
)


def test_what_was_changed_is_found() -> None:
    """A part whose heading was taken out is as it was; words that were taken out are gone."""
    before = {Part.SUMMARY: "It broke.", Part.LESSONS: "Learned."}
    text = template(before).replace("It broke.", "It broke at noon.").replace("Learned.", "")

    assert {Part.SUMMARY: "It broke at noon.", Part.LESSONS: ""} == changed(before, text)
    assert {} == changed(before, "")
    assert {} == changed(before, template(before))


def test_one_part_alone_can_be_edited() -> None:
    """Headings of the text itself are its own."""
    text = template({}, [Part.AGAIN])

    assert 1 == text.count("[")
    assert {Part.AGAIN: "# No heading\nYes."} == changed({}, f"{text}# No heading\nYes.\n")


@given(
    st.dictionaries(st.sampled_from(Part), WORDS.filter(bool)),
    st.dictionaries(st.sampled_from(Part), WORDS.filter(bool)),
)
def test_whatever_is_written_comes_back(before: dict[Part, str], after: dict[Part, str]) -> None:
    """Only what differs."""
    expected = {part: after.get(part, "") for part in Part if after.get(part, "") != before.get(part, "")}

    assert expected == changed(before, template(after))
