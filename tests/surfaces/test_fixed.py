"""Whether a fix holds, in words."""

from lastgood.surfaces.fixed import fixed_document, fixed_exit, fixed_text
from lastgood.workbench.fixed import FixCheck, Fixed


def test_each_verdict_has_words_and_a_status() -> None:
    """Only a fix that holds proposes to resolve."""
    texts = {}
    for met in (True, False, None):
        found = Fixed((FixCheck("users recovered", met, "0 of 9"), FixCheck("quiet", True, "none")))
        texts[fixed_exit(found)] = fixed_text(found)
        assert met == fixed_document(found)["fixed"]

    assert {0, 1, 3} == texts.keys()
    assert texts[0].startswith("FIXED\n")
    assert texts[1].startswith("NOT FIXED\n")
    assert texts[3].startswith("NOT SHOWN")
    assert ["resolve" in texts[status] for status in (0, 1, 3)] == [True, False, False]
    assert "unknown  users recovered: 0 of 9" in texts[3]
