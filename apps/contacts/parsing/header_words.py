"""Words of headers in contact files, in English, Spanish, French and German: synonyms of fields, groups, fillers.

Headers of Google, Outlook, Yahoo, LinkedIn, WhatsApp, Thunderbird, Action Network, VAN, EveryAction, CiviCRM and
NationBuilder are all read by these words.
"""

from typing import Final

FIELD_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "first": (
        *("first name", "first", "given name", "given", "firstname", "fname", "forename", "christian name"),
        *("nombre pila", "primer nombre", "nombres", "prenom", "prenoms", "vorname", "rufname"),
    ),
    "middle": (
        *("middle name", "middle", "additional name", "middle initial", "middlename", "mi", "mid", "second name"),
        *("segundo nombre", "otros nombres", "deuxieme prenom", "autre prenom", "weitere vornamen"),
        *("2 prenom", "2e prenom", "zweiter vorname"),
    ),
    "last": (
        *("last name", "last", "family name", "surname", "lastname", "lname", "family"),
        *("apellido", "apellidos", "primer apellido", "nom famille", "nachname", "familienname", "zuname"),
    ),
    "last2": ("segundo apellido", "second last name"),
    "suffix": (
        *("suffix", "name suffix", "generational suffix", "individual suffix", "sfx", "suf"),
        *("sufijo", "suffixe", "namenszusatz"),
    ),
    "name": (
        *("name", "nombre", "nom", "full name", "fullname", "contact", "contact name", "person", "who"),
        *("nombre completo", "nom complet", "vollstandiger name", "nombre y apellidos", "nom et prenom"),
        *("nom prenom", "vor und nachname", "your name", "friend", "voter name", "saved name", "nombre guardado"),
    ),
    "display": (
        *("display name", "file as", "sort name", "public display name", "common name", "addressee", "legal name"),
        *("anzeigename", "nom affiche", "nombre mostrado", "nombre mostrar"),
    ),
    "nickname": ("nickname", "nick name", "preferred name", "apodo", "alias", "surnom", "spitzname"),
    "email": (
        *("e mail", "email", "e mail address", "email address", "emails", "mail", "primary email", "mail address"),
        *("correo", "correo electronico", "direccion correo electronico", "correos", "e mail adresse"),
        *("adresse messagerie", "adresse mail", "adresse e mail", "adresse electronique", "courriel"),
        *("adresse courrier electronique", "emailadresse", "mailadresse", "e mails", "direccion e mail"),
        *("electronic mail", "email addresses", "direccion correo", "preferred email", "best email"),
    ),
    "phone": (
        *("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile phone", "cell"),
        *("cell phone", "cellphone", "primary phone", "phones", "car phone", "mobile number", "contact number"),
        *("telefono", "telefonos", "numero telefono", "movil", "celular", "telefono movil", "telefono celular"),
        *("telefono principal", "telefono automovil", "numero telephone", "portable", "tel portable"),
        *("tel mobile", "telephone portable", "telephone mobile", "telephone principal", "telephone voiture"),
        *("telefon", "telefonnummer", "mobiltelefon", "handy", "handynummer", "rufnummer", "mobil", "autotelefon"),
        *("hauptanschluss", "company main phone", "mobilnummer", "phone numbers", "landline", "iphone", "i phone"),
        *("mobile telephone", "cell number", "home number", "work number", "mobile phone number", "phone mobile"),
        *("phone phone", "mobile phone primary", "best phone", "sms", "text number", "phone cell", "formatted phone"),
        *("cell phone number", "mobiles", "cells", "tel number", "ph", "phone no", "mobile no", "whatsapp"),
    ),
    "phone_country": ("country code", "phone country code", "calling code", "dialing code", "dial code"),
    "street": (
        *("street", "address", "street address", "address line", "address street", "addr", "street address line"),
        *("address address", "address street address", "street line", "thoroughfare"),
        *("calle", "direccion", "domicilio", "calle direccion"),
        *("direccion calle", "rue", "adresse", "adresse rue", "strasse", "anschrift", "adresse strasse"),
        *("direccion postal", "adresse postale"),
    ),
    "street2": (
        *("address extended address", "extended address", "apartment", "apt", "unit", "suite", "address line two"),
        *("supplemental address", "address supplemental address", "address unit", "unit apt", "apt unit"),
        *("apartamento", "piso", "appartement", "wohnung", "adresszusatz", "complement adresse"),
    ),
    # Parts of a street that some voter files keep apart; joined in the order of their columns.
    "street_part": (
        *("street no", "street number", "house number", "house no", "street no half", "street number half"),
        *("street half", "house half", "street prefix", "street pre direction", "pre direction", "pre dir"),
        *("street name", "street type", "street suffix", "street post direction", "post direction", "post dir"),
        *("apt type", "unit type", "apt no", "apt number", "unit no", "unit number", "numero exterior"),
    ),
    "city": (
        *("city", "town", "address city", "locality", "municipality", "ciudad", "localidad", "poblacion"),
        *("municipio", "direccion ciudad", "ville", "adresse ville", "localite", "commune", "ort", "stadt"),
        *("wohnort", "adresse ort", "address locality", "city town", "city name"),
    ),
    "state": (
        *("state", "region", "province", "address region", "address state", "state province", "st", "state code"),
        *("state abbreviated", "state abbreviation", "state abbr", "province state", "state region"),
        *("estado", "provincia", "provincia o estado", "estado o provincia", "estado provincia", "etat"),
        *("dep region", "departement", "region etat", "bundesland", "bundesland kanton", "kanton", "provinz"),
        *("provincia estado", "direccion estado", "direccion region", "adresse region", "etat province"),
    ),
    "zip": (
        *("zip", "zip code", "zipcode", "postal code", "postcode", "address postal code", "address zip"),
        *("zip postal code", "zip postal", "post code", "postal", "zip code postal code", "postal zip", "mail code"),
        *("postal zip code", "postal code zip", "codigo postal", "cp", "c p", "direccion codigo postal", "code postal"),
        *("adresse code postal", "postleitzahl", "plz", "adresse postleitzahl", "zip 5", "zip5"),
    ),
    "zip4": ("zip 4", "zip code 4", "zip plus 4", "plus 4", "zip 4 code", "postal code suffix", "zip code suffix"),
    "country": (
        *("country", "country region", "address country", "address country code", "country name"),
        *("pais", "pais region", "pais o region", "pays"),
        *("pays region", "land", "land region", "direccion pais", "adresse pays", "address country region"),
    ),
    "formatted": ("address formatted", "formatted address", "full address", "direccion completa"),
    "birthday": (
        *("birthday", "birth date", "birthdate", "date birth", "dob", "d o b", "born", "born at", "born on", "bday"),
        *("cumpleanos", "fecha nacimiento", "nacimiento", "anniversaire", "date naissance", "naissance"),
        *("geburtstag", "geburtsdatum", "birth day", "b day", "birth"),
    ),
    "birth_year": (
        *("birth year", "birthyear", "year birth", "yob", "year born", "ano nacimiento", "annee naissance"),
        *("geburtsjahr", "dob year", "birthday year"),
    ),
    # Not about the person: what the entry is, and names of what is no person.
    "kind": (
        *("contact type", "contact kind", "record type", "entity type", "entry type", "signup type", "party type"),
        *("account type", "contact category", "constituent type", "type", "tipo contacto", "kontaktart"),
        *("is organization", "is company", "is organisation", "is household", "is group"),
    ),
    "organization": ("company", "organization", "organisation", "organization name", "company name", "empresa",
                     "organizacion", "firma", "societe", "account name", "committee name"),
    "household": ("household", "household name"),
}  # fmt: skip
FIELD_BY_SYNONYM: Final = {word: field for field, words in FIELD_SYNONYMS.items() for word in words}

GROUP_SYNONYMS: Final = {
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
        *("alternative", "alternate", "secondary", "billing", "shipping", "temporary", "seasonal"),
    },
    "registered": {"registered", "registration", "voting", "voter", "vf"},
    "mail": {"mailing", "m", "correspondence"},
}
GROUP_BY_SYNONYM: Final = {word: group for group, words in GROUP_SYNONYMS.items() for word in words}
FILLER_WORDS: Final = {
    *("de", "del", "du", "la", "le", "the", "of", "d", "l", "des", "el", "value", "und", "et", "a", "su", "your"),
    *("primary", "main", "principal", "residence", "residential", "user", "submitted", "contact", "person"),
    *("member", "supporter", "individual", "preferred", "default", "current", "permanent", "yahoo", "s"),
}
