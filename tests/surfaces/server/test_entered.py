"""Entered: entries are reported from any thread, and waited for in one event loop."""

import asyncio

from lastgood.surfaces.server.entered import Entered


def test_an_entry_wakes_the_pages_of_its_incident_alone() -> None:
    """From another thread, where the record is written."""
    entered = Entered()

    async def woken() -> tuple[bool, bool]:
        with entered.watching(1, "kim") as one, entered.watching(2, "lee") as other:
            one.woken.clear()
            other.woken.clear()
            await asyncio.to_thread(entered.tell, 1)
            await asyncio.wait_for(one.woken.wait(), 5)
            return one.woken.is_set(), other.woken.is_set()

    assert (True, False) == asyncio.run(woken())
    entered.tell(1)  # nothing waits any more, and the loop is closed


def test_who_is_here_is_known_to_those_who_are() -> None:
    """Each once, also with two pages; who leaves is not here any more."""
    entered = Entered()

    async def seen() -> list[list[str]]:
        with entered.watching(1, "kim") as page, entered.watching(1, "kim"):
            page.woken.clear()
            with entered.watching(1, "ada"):
                found = [entered.here(1)]
                assert page.woken.is_set()
                page.woken.clear()
            assert page.woken.is_set()
            found.append(entered.here(1))
        return [*found, entered.here(1)]

    assert [["ada", "kim"], ["kim"], []] == asyncio.run(seen())
