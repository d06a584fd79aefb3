"""The drawing of the map of services."""

import re

from lastgood.model.window import Window
from lastgood.surfaces.web.map_drawing import LONGEST_NAME, drawn
from lastgood.workbench.service_map import MAPPED, Called, ServiceMap
from records import START


def pair(caller: str, callee: str, failed: int = 0, *, outside: bool = False) -> Called:
    return Called(caller, callee, outside, 1_000, failed, 1e6)


def of(*calls: Called) -> ServiceMap:
    return ServiceMap(calls, Window(START, START + MAPPED), 1, more=False)


def test_each_service_has_a_box_and_each_pair_an_arrow() -> None:
    """What fails, is silent or tells nothing is said in words too."""
    svg = str(
        drawn(of(pair("web", "shop", 300), pair("shop", "db", outside=True), pair("shop", "web")), {"shop"})
    )
    assert ["", "silent", "outside"] == re.findall(r'class="box (\w*)"', svg)
    assert 3 == svg.count("marker-end")
    assert 1 == svg.count('class="call failing"')
    assert "30\xa0% fail" in svg or "30 % fail" in svg
    assert "sends no spans" in svg
    assert "3 services, 1 of 3 pairs failing" in svg


def test_names_are_text_and_fit() -> None:
    """A long one is cut in its box; the whole is its title."""
    long = "a-service-with-a-very-long-name"
    svg = str(drawn(of(pair("<script>", long)), ()))
    assert "<script>" not in svg
    assert f"<title>{long}</title>" in svg
    assert f">{long[: LONGEST_NAME - 1]}…<" in svg
