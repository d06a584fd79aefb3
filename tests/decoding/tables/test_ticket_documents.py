"""Tickets in JSON and XML as rows."""

import json

from lastgood.decoding.tables.ticket_documents import ticket_rows


def test_what_is_shown_of_a_field_is_its_text() -> None:
    """Display values, names, several with commas; Jira's fields stand inside the issue."""
    ticket = {
        "key": "OPS-1",
        "fields": {
            "summary": "a",
            "status": {"name": "Done"},
            "components": [{"name": "x"}, {"name": "y"}],
            "assignee": None,
        },
    }
    assert [{"key": "OPS-1", "summary": "a", "status": "Done", "components": "x, y"}] == ticket_rows(
        json.dumps({"issues": [ticket]}).encode()
    )
    shown = {
        "number": "CHG1",
        "short_description": "a",
        "state": "3",
        "cmdb_ci": {"display_value": "db", "link": "l"},
    }
    assert "db" == ticket_rows(json.dumps({"result": [shown]}).encode())[0]["cmdbci"]


def test_custom_fields_of_xml_have_their_names_beside_them() -> None:
    """As Jira gives them."""
    item = b"<item><key>A-1</key><summary>a</summary><status>Done</status><customfields><customfield><customfieldname>Actual start</customfieldname><customfieldvalues><customfieldvalue>t</customfieldvalue></customfieldvalues></customfield></customfields></item>"
    assert "t" == ticket_rows(b"<rss><channel>" + item + b"</channel></rss>")[0]["actualstart"]


def test_what_nests_deeply_is_left_out() -> None:
    """It is no field of a ticket."""
    deep = b"[" * 1_000 + b"]" * 1_000
    assert [{"summary": "a", "state": "b"}] == ticket_rows(b'[{"summary":"a","state":"b","c":' + deep + b"}]")


def test_other_documents_have_none() -> None:
    """Nor has one that declares entities: it could grow on its way in."""
    assert [] == ticket_rows(b'{"level":"info","msg":"x"}')
    assert [] == ticket_rows(b'<!DOCTYPE a [<!ENTITY b "c">]><a><summary>&b;</summary><state>x</state></a>')
    assert [] == ticket_rows(b"<a><b></a>")
    assert [] == ticket_rows(b"{")
