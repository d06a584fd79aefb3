"""Templates and the files that pages load."""

import re

from lastgood.surfaces.web.pages import assets, breakable, environment


def test_no_page_has_inline_script_or_style_or_another_address() -> None:
    """As the policy wants it; the look is in one file that loads nothing."""
    loader = environment().loader
    assert loader is not None
    for name in loader.list_templates():
        source = loader.get_source(environment(), name)[0]
        assert [] == re.findall(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)|https?://", source), name
    for name, (_, content) in assets().items():
        text = content.decode().replace("http://www.w3.org/2000/svg", "")
        assert [] == re.findall(r"https?://|@import|\beval\(|new Function|innerHTML", text), name


def test_every_file_that_a_page_loads_is_there() -> None:
    """By the name in the templates."""
    loader = environment().loader
    assert loader is not None
    sources = [loader.get_source(environment(), name)[0] for name in loader.list_templates()]
    wanted = {found for source in sources for found in re.findall(r"/static/([\w.]+)", source)}
    for _, content in assets().values():
        wanted |= set(re.findall(r'from "\./([\w.]+)"', content.decode()))

    assert wanted == {*assets()}


def test_dark_is_dark_whether_chosen_or_the_systems() -> None:
    """Both lists of colours are the same."""
    sheet = assets()["room.css"][1].decode()
    system = re.search(r'not\(\[data-theme="light"\]\) \{(.*?)\} \}', sheet, re.DOTALL)
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', sheet, re.DOTALL)

    assert system is not None
    assert chosen is not None
    assert system[1].split() == chosen[1].split()


def test_a_setting_may_be_broken_after_its_sign_and_is_no_markup() -> None:
    """Only there."""
    assert "A=<wbr>&lt;b&gt;=<wbr>c" == breakable("A=<b>=c")
