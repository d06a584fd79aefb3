"""Personal names: names of fields that hold something about a person, in the languages that systems are written in.

A name is looked at by its last words: `billing.address_line2`, `codePostal`, `fecha_nacimiento`, `手机号`.
"""

import re
from unicodedata import normalize

_ENGLISH = (
    r"(?:first|last|full|given|family|sur|user|display|nick|maiden|account|holder|customer|cardholder|birth|middle)?[-_.]?"
    r"(?:names?|e?mail|phone|mobile|cell|fax|tel|address|street|city|zip|postcode|postal[-_.]?code|birth[-_.]?(?:day|date)?|date[-_.]of[-_.]birth|dob"
    r"|ssn|national[-_.]id|iban|pan|card(?:[-_.]?number)?|cvc|cvv|passport(?:[-_.]?number)?|tax[-_.]?id|vat[-_.]?id|licen[cs]e[-_.]plate"
    r"|ip(?:[-_.]?addr(?:ess)?)?|remote[-_.]addr|forwarded(?:[-_.]for)?|lat|lon|lng|latitude|longitude|login|recipient|addressee)"
)
# Without accents. What is also another word in English, such as `via`, `ort` and `nom`, is here only where it is a person's far more often.
_EUROPEAN = (
    r"(?:vor|nach|familien|benutzer|geburts)name|strasse|hausnummer|plz|postleitzahl|wohnort|anschrift|telefonnummer|handy(?:nummer)?|geburts(?:datum|tag)"
    r"|prenom|nom(?:[-_.]de[-_.]famille)?|adresse|rue|ville|code[-_.]postal|telephone|portable|courriel|(?:date[-_.]de[-_.])?naissance"
    r"|nombres?|apellidos?|direccion|calle|ciudad|codigo[-_.]postal|telefono|movil|correo|(?:fecha[-_.](?:de[-_.])?)?nacimiento|dni|curp"
    r"|nome|sobrenome|endereco|rua|cidade|cep|cpf|telefone|celular|(?:data[-_.](?:de[-_.])?)?nasc(?:imento|ita)"
    r"|cognome|indirizzo|citta|cellulare|codice[-_.]fiscale"
    r"|(?:voor|achter)naam|straat|woonplaats|telefoon|geboortedatum|bsn"
    r"|imie|nazwisko|ulica|miasto|kod[-_.]pocztowy|pesel|telefon|adres"
    r"|(?:for|etter|efter|mellem)navn|(?:for|efter)namn|adress|gatuadress|gateadresse|personnummer|fodselsnummer|cprnummer|henkilotunnus|etunimi|sukunimi|osoite"
    r"|isim|soyisim|soyad|jmeno|prijmeni|keresztnev|vezeteknev|prenume"
)
_OTHERS = (
    "имя|фамилия|отчество|фио|адрес|телефон|улица|город|почта"
    "|姓名|姓|名|名字|电话|電話|電話番号|手机|手机号|手機|地址|邮箱|郵箱|身份证|身份证号|氏名|名前|住所|郵便番号|メール"
    "|이름|성명|주소|전화|전화번호|이메일|الاسم|اسم|عنوان|العنوان|هاتف|الهاتف|שם|כתובת|טלפון|όνομα|επώνυμο|διεύθυνση|τηλέφωνο|नाम|पता|ชื่อ|ที่อยู่"
)


def _plain(text: str) -> str:
    """Small letters without their accents; letters of other alphabets keep theirs, as far as they are one letter."""
    apart = normalize("NFD", text.casefold().replace("ß", "ss").replace("ł", "l").replace("ø", "o"))
    return normalize("NFC", re.sub("[\u0300-\u036f]", "", apart))


_PERSONAL = re.compile(
    rf"(?:^|[-_.])(?:{_ENGLISH}|{_EUROPEAN}|{_plain(_OTHERS)})(?:[-_.]?(?:line|linea|linha|ligne|zeile|riga))?(?:[-_.]?\d)?$"
    r"|(?:^|[-_.])(?:user|customer|person|member|patient|account)[-_.]?id$"
)
# `name` of these is a thing's.
_THINGS = re.compile(r"(?:^|[-_.])(?:product|item|event|file|host|service|field|table|plan|city)[-_.]?name$")
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z])")


def names_a_person(name: str) -> bool:
    """Whether a field of this name holds something about a person."""
    plain = _plain(_CAMEL.sub("_", name))
    return bool(_PERSONAL.search(plain) and not _THINGS.search(plain))
