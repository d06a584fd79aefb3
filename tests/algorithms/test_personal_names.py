"""Names of fields in many languages."""

import pytest

from lastgood.algorithms.personal_names import names_a_person


@pytest.mark.parametrize(
    "name",
    ["nachname", "Vorname", "Straße", "strasse", "plz", "téléphone", "Prénom", "codePostal", "fecha_nacimiento", "direcciónLinea1",
     "apellido1", "cpf", "endereço", "codice_fiscale", "achternaam", "imię", "förnamn", "jméno", "имя", "улица", "姓名", "手机号", "氏名",
     "전화번호", "العنوان", "ip_addr", "x-forwarded-for", "login", "birthDate", "recipient", "billing.address_line2"],
)  # fmt: skip
def test_what_is_about_a_person(name: str) -> None:
    """With accents or without, in one word or several."""
    assert names_a_person(name)


@pytest.mark.parametrize(
    "name", ["product_name", "city_name", "status", "amount", "order_id", "version", "locale", "country", "plan.name", "filename", "note"]
)  # fmt: skip
def test_what_only_sounds_so(name: str) -> None:
    """Names of things."""
    assert not names_a_person(name)
