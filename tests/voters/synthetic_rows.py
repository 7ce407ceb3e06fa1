"""Rows of synthetic voters: the same number gives the same voter."""

GENERIC = tuple(
    "voter_id first_name middle_name last_name suffix dob birth_year sex address city state zip county phone "
    "email status precinct cd sldu sldl".split()
)
FIRST = "Ada Bela Cora Dina Elsa Fina Gala Hana Ines Jana Kira Lena Mona Nela Olga Pola".split()
LAST = "Arbor Birke Cedar Dahlia Elmer Forster Gentian Hawthorn Iris Juniper Kale Linden Maple Nettle Oaks".split()
STREETS = "Coopers Row,Mill Street,Harbor Lane,Quarry Road,Lantern Avenue".split(",")
COUNTIES = ("Isel", "Marn", "Toll")


def voter(number: int, **changed: str) -> dict[str, str]:
    """Return one row of the generic layout."""
    first, last = FIRST[number % len(FIRST)], LAST[(number // len(FIRST)) % len(LAST)]
    row = {
        "voter_id": f"{number:08}",
        "first_name": first,
        "last_name": f"{last}{number // (len(FIRST) * len(LAST)) or ''}".replace("0", "o"),
        "dob": f"{1930 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}",
        "sex": "F",
        "address": f"{1 + number} {STREETS[number % len(STREETS)]}",
        "city": "Port Ansel",
        "state": "HD",
        "zip": f"004{number % 30:02}",
        "county": COUNTIES[number % 3],
        "status": "active",
        "precinct": str(1 + number % 40),
        "cd": "04",
        "sldu": "11",
        "sldl": "27",
    }
    return row | changed


def voters(count: int, start: int = 0) -> list[dict[str, str]]:
    """Return rows of the generic layout."""
    return [voter(number) for number in range(start, start + count)]
