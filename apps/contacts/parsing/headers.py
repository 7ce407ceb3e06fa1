"""Maps headers of contact files to fields, in English, Spanish, French and German.

A header is normalized (no accents or punctuation, lower case) and looked up, then looked up again without its number,
group ("home", "privat") and filler words; the group keeps the parts of one address together.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

FIELD_SYNONYMS: dict[str, tuple[str, ...]] = {
    "first": (
        *("first name", "first", "given name", "given", "firstname", "fname", "forename", "christian name"),
        *("nombre pila", "primer nombre", "nombres", "prenom", "prenoms", "vorname", "rufname"),
    ),
    "middle": (
        *("middle name", "middle", "additional name", "middle initial", "middlename", "mi", "second name"),
        *("segundo nombre", "otros nombres", "deuxieme prenom", "autre prenom", "weitere vornamen"),
        *("2 prenom", "2e prenom", "zweiter vorname"),
    ),
    "last": (
        *("last name", "last", "family name", "surname", "lastname", "lname", "family"),
        *("apellido", "apellidos", "primer apellido", "nom famille", "nachname", "familienname", "zuname"),
    ),
    "last2": ("segundo apellido", "second last name"),
    "suffix": ("suffix", "name suffix", "generational suffix", "sufijo", "suffixe", "namenszusatz"),
    "name": (
        *("name", "nombre", "nom", "full name", "fullname", "contact", "contact name", "person", "who"),
        *("nombre completo", "nom complet", "vollstandiger name", "nombre y apellidos", "nom et prenom"),
        *("nom prenom", "vor und nachname", "your name", "friend", "voter name"),
    ),
    "display": ("display name", "file as", "anzeigename", "nom affiche", "nombre mostrado", "nombre mostrar"),
    "nickname": ("nickname", "apodo", "alias", "surnom", "spitzname"),
    "email": (
        *("e mail", "email", "e mail address", "email address", "emails", "mail", "primary email", "mail address"),
        *("correo", "correo electronico", "direccion correo electronico", "correos", "e mail adresse"),
        *("adresse messagerie", "adresse mail", "adresse e mail", "adresse electronique", "courriel"),
        *("adresse courrier electronique", "emailadresse", "mailadresse", "e mails", "direccion e mail"),
        *("electronic mail", "email addresses", "direccion correo"),
    ),
    "phone": (
        *("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile phone", "cell"),
        *("cell phone", "cellphone", "primary phone", "phones", "car phone", "mobile number", "contact number"),
        *("telefono", "telefonos", "numero telefono", "movil", "celular", "telefono movil", "telefono celular"),
        *("telefono principal", "telefono automovil", "numero telephone", "portable", "tel portable"),
        *("tel mobile", "telephone portable", "telephone mobile", "telephone principal", "telephone voiture"),
        *("telefon", "telefonnummer", "mobiltelefon", "handy", "handynummer", "rufnummer", "mobil", "autotelefon"),
        *("hauptanschluss", "company main phone", "mobilnummer", "phone numbers"),
    ),
    "street": (
        *("street", "address", "street address", "address line", "address street", "addr"),
        *("calle", "direccion", "domicilio", "calle direccion"),
        *("direccion calle", "rue", "adresse", "adresse rue", "strasse", "anschrift", "adresse strasse"),
        *("direccion postal", "adresse postale"),
    ),
    "street2": (
        *("address extended address", "extended address", "apartment", "apt", "unit", "suite", "address line two"),
        *("apartamento", "piso", "appartement", "wohnung", "adresszusatz", "complement adresse"),
    ),
    "city": (
        *("city", "town", "address city", "locality", "municipality", "ciudad", "localidad", "poblacion"),
        *("municipio", "direccion ciudad", "ville", "adresse ville", "localite", "commune", "ort", "stadt"),
        *("wohnort", "adresse ort", "address locality", "city town"),
    ),
    "state": (
        *("state", "region", "province", "address region", "address state", "state province", "st"),
        *("estado", "provincia", "provincia o estado", "estado o provincia", "estado provincia", "etat"),
        *("dep region", "departement", "region etat", "bundesland", "bundesland kanton", "kanton", "provinz"),
        *("provincia estado", "direccion estado", "direccion region", "adresse region", "etat province"),
    ),
    "zip": (
        *("zip", "zip code", "zipcode", "postal code", "postcode", "address postal code", "address zip"),
        *("zip postal code", "post code", "codigo postal", "cp", "c p", "direccion codigo postal", "code postal"),
        *("adresse code postal", "postleitzahl", "plz", "adresse postleitzahl", "zip 5", "zip5"),
    ),
    "country": (
        *("country", "country region", "address country", "pais", "pais region", "pais o region", "pays"),
        *("pays region", "land", "land region", "direccion pais", "adresse pays", "address country region"),
    ),
    "formatted": ("address formatted", "formatted address", "full address", "direccion completa"),
    "birthday": (
        *("birthday", "birth date", "birthdate", "date birth", "dob", "birth year", "year birth", "born"),
        *("cumpleanos", "fecha nacimiento", "nacimiento", "ano nacimiento", "anniversaire", "date naissance"),
        *("naissance", "annee naissance", "geburtstag", "geburtsdatum", "geburtsjahr", "birth day"),
    ),
}  # fmt: skip
FIELD_BY_SYNONYM = {word: field for field, words in FIELD_SYNONYMS.items() for word in words}

GROUP_SYNONYMS = {
    "home": {
        "home",
        "domicilio",
        "particular",
        "casa",
        "personal",
        "domicile",
        "dom",
        "privat",
        "prive",
        "personnel",
    },
    "work": {
        *("business", "work", "office", "company", "trabajo", "negocio", "empresa", "oficina", "laboral"),
        *(
            "bureau",
            "professionnel",
            "professionnelle",
            "travail",
            "prof",
            "geschaftlich",
            "arbeit",
            "firma",
            "buro",
        ),
    },
    "other": {
        *("other", "otro", "otra", "otros", "autre", "autres", "weitere", "weiterer", "weiteres", "andere"),
        *("alternative", "secondary"),
    },
}
GROUP_BY_SYNONYM = {word: group for group, words in GROUP_SYNONYMS.items() for word in words}
FILLER_WORDS = {
    *("de", "del", "du", "la", "le", "the", "of", "d", "l", "des", "el", "value", "und", "et", "a", "su", "your"),
    *("primary", "main", "principal", "residence", "residential", "mailing"),
}
# Address groups from most to least likely home.
GROUP_ORDER = {"home": 0, "": 1, "other": 3, "work": 4}
# Fields that an owner may assign to a column.
MAPPABLE_FIELDS = (*("full", "first", "middle", "last", "suffix", "nickname", "email", "phone"),
          *("street", "street2", "city", "state", "zip", "country", "formatted", "birthday"))  # fmt: skip


class HeaderMeaning(NamedTuple):
    """Hold the field of a header, empty if unknown, and the group it belongs to."""

    field: str = ""
    group: str = ""


def normalize_header(text: str) -> str:
    """Return a header without accents, punctuation and case: "E-mail 1 - Value" becomes "e mail 1 value"."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])(\d)", r"\1 \2", plain)))


def header_meaning(text: str) -> HeaderMeaning:
    """Return the meaning of one header."""
    key = normalize_header(text)
    if key in FIELD_BY_SYNONYM:
        return HeaderMeaning(FIELD_BY_SYNONYM[key])
    words = key.split()
    significant = [word for word in words if not word.isdigit() and word not in FILLER_WORDS]
    field = FIELD_BY_SYNONYM.get(" ".join(significant), "")
    without_group = [word for word in significant if word not in GROUP_BY_SYNONYM]
    if not field:
        field = FIELD_BY_SYNONYM.get(" ".join(without_group), "")
    if not field:
        return HeaderMeaning()
    group = next((GROUP_BY_SYNONYM[word] for word in significant if word in GROUP_BY_SYNONYM), "")
    if field == "street" and words[-1].isdigit() and words[-1] != "1":
        return HeaderMeaning("street2", group)
    number = next((word for word in words[:-1] if word.isdigit()), "")
    return HeaderMeaning(field, group + number)


def header_meanings(headers: Sequence[str]) -> list[HeaderMeaning]:
    """Return the meanings of a table's headers, each in the context of the others."""
    meanings = _unify_address([header_meaning(header) for header in headers])
    fields = {header.field for header in meanings}
    return [header._replace(field=_name_field(fields)) if header.field == "name" else header for header in meanings]


PLACE_FIELDS = {"street", "street2", "city", "state", "zip", "country"}


def _unify_address(meanings: list[HeaderMeaning]) -> list[HeaderMeaning]:
    """Merge "Home address" with plain "City" and "ZIP": two groups without overlap are one address."""
    groups: dict[str, list[str]] = {}
    for header in meanings:
        if header.field in PLACE_FIELDS:
            groups.setdefault(header.group, []).append(header.field)
    if len(groups) != 2 or "" not in groups or set.intersection(*map(set, groups.values())):
        return meanings
    return [header._replace(group="") if header.field in PLACE_FIELDS else header for header in meanings]


def _name_field(fields: set[str]) -> str:
    """Return what a "Name", "Nombre" or "Nom" column holds beside the others: last name, first name or full name."""
    if "first" in fields and "last" not in fields:
        return "last"
    if "last" in fields and "first" not in fields:
        return "first"
    return "full"


def headers_key(headers: Sequence[str]) -> str:
    """Return a key that is equal for tables with the same columns."""
    return "\n".join(normalize_header(header) for header in headers)


def group_rank(group: str) -> tuple[int, str]:
    """Return the sort key of an address group: home first, work last, then by number."""
    word = group.rstrip("0123456789")
    return GROUP_ORDER.get(word, 2), group[len(word) :].zfill(4)
