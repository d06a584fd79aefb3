"""What the doctor found, in lines and as JSON."""

from lastgood.model.diagnosis import Diagnosis, Health
from lastgood.surfaces.doctor import doctor_document, doctor_exit, doctor_text

GOOD = Diagnosis("disk", Health.GOOD, "80 GB free")
DOUBT = Diagnosis("settings", Health.DOUBTFUL, "there is no lastgood.toml", "Write one: lastgood init")
BROKEN = Diagnosis("source prod (loki)", Health.BROKEN, "no answer in time", "Check the network path.")


def test_a_line_for_each_and_what_to_do_below_it() -> None:
    """Then the sum; only an error is an exit status of 1."""
    text = doctor_text([GOOD, DOUBT, BROKEN])

    assert ["ok       disk: 80 GB free", "warning  settings: there is no lastgood.toml"] == text.splitlines()[
        :2
    ]
    assert "         Check the network path." in text.splitlines()
    assert "1 error, 1 warning" == text.splitlines()[-1]
    assert [0, 1] == [doctor_exit([GOOD, DOUBT]), doctor_exit([GOOD, BROKEN])]


def test_the_same_as_json() -> None:
    """A remedy that is not needed is null."""
    document = doctor_document([GOOD, BROKEN])

    assert (False, None) == (document["usable"], document["checks"][0]["remedy"])
    assert "error" == document["checks"][1]["health"]
