"""Nicknames as evidence: related names, and one formal name per group by frequency in the file."""

from collections.abc import Callable
from functools import lru_cache

from nicknames import NickNamer

_BOOK = NickNamer()
# Spanish short forms, which the list of English nicknames lacks.
_SPANISH = {
    "ALEJANDRO": ("ALEX", "JANDRO"), "ANTONIO": ("TONO", "TONY", "TONIO"),
    "CONCEPCION": ("CONCHA", "CONCHITA"),
    "CONSUELO": ("CHELO",), "DOLORES": ("LOLA", "LOLITA"), "EDUARDO": ("LALO", "EDDIE"),
    "ENRIQUE": ("KIKE", "QUIQUE"),
    "ERNESTO": ("NETO",), "FERNANDO": ("NANDO", "FER"), "FRANCISCO": ("PACO", "PANCHO", "CISCO", "FRANK"),
    "GUADALUPE": ("LUPE", "LUPITA"), "GUILLERMO": ("MEMO", "GUILLE"), "IGNACIO": ("NACHO",),
    "ISABEL": ("CHABELA",),
    "JESUS": ("CHUY", "CHUCHO"), "JORGE": ("COQUE",), "JOSE": ("PEPE", "CHEPE", "JOSELITO"),
    "JOSEFINA": ("PEPA",),
    "LUIS": ("LUCHO",), "MANUEL": ("MANOLO", "MANNY", "MANNIE"), "MARIA": ("MARI", "MARICA"),
    "MERCEDES": ("MECHE",),
    "RAFAEL": ("RAFA",), "RAMON": ("MONCHO",), "ROBERTO": ("BETO", "TITO"), "ROSARIO": ("CHAYO",),
    "SALVADOR": ("CHAVA",), "SANTIAGO": ("SANTI", "CHAGO"), "VICENTE": ("CHENTE",),
}  # fmt: skip
_SPANISH_FORMAL: dict[str, set[str]] = {}
for _formal, _shorts in _SPANISH.items():
    for _short in _shorts:
        _SPANISH_FORMAL.setdefault(_short, set()).add(_formal)
MOST_ALTERNATIVES = 5  # further formal names that a query tries, so that the index does not grow


def head(first: str) -> str:
    """Return the first word of a given name, which keys use: MARY of MARY SUE."""
    return first.split(" ", 1)[0]


@lru_cache(100_000)
def formal_names(name: str) -> tuple[str, ...]:
    """Return the formal names that `name` may be short for, sorted."""
    known = {x.upper() for x in _BOOK.canonicals_of(name.lower())}
    return tuple(sorted(known | _SPANISH_FORMAL.get(name, set())))


@lru_cache(100_000)
def related(name: str) -> frozenset[str]:
    """Return every nickname and formal name of `name`."""
    short = {x.upper() for x in _BOOK.nicknames_of(name.lower())}
    return frozenset(short | set(formal_names(name)) | set(_SPANISH.get(name, ())))


def representative(name: str, count: Callable[[str], int]) -> str:
    """Return the most frequent formal name of `name` in the file, or `name` itself if that is more frequent.

    `count` returns how many voters of the file have a first name.
    """
    best = max(formal_names(name), key=count, default=name)
    return name if count(best) < count(name) else best


def alternatives(name: str, count: Callable[[str], int]) -> list[str]:
    """Return up to five other formal names that may represent `name` in keys, most frequent first."""
    own = representative(name, count)
    found = {representative(x, count) for x in related(name)} - {own}
    known = [x for x in found if count(x)]
    return sorted(known, key=lambda x: (-count(x), x))[:MOST_ALTERNATIVES]
