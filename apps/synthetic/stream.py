"""Stream the people of the state in chunks, so that memory does not grow with the state."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from apps.synthetic.clerical_errors import misrecord
from apps.synthetic.geography import Geography
from apps.synthetic.households import distribute_homes, form_households
from apps.synthetic.named_voters import demo_people, named_people
from apps.synthetic.people import People, make_people
from apps.synthetic.places import Places, find_places
from apps.synthetic.streets import Ints, is_home

CHUNK = 25_000  # people generated at a time: some 100 MB of arrays and text
_NEW = 0.008  # share of people who register in the month between the two rolls


def stream(
    geo: Geography, voters: int, seed: int, as_of: date
) -> Iterator[tuple[People, Places, Ints, np.random.Generator]]:
    """Yield people and places, block by block, with the positions of those who are new in the second roll.

    The named people of the demo come first. Each chunk has its own generator, independent of earlier chunks.
    """
    people, places = named_people(geo, as_of)
    yield people, places, np.empty(0, np.int64), np.random.default_rng([seed, 9])
    rest = voters - len(demo_people())
    newcomers = max(1, round(rest * _NEW))
    weight = np.where(is_home(geo.streets), 0, geo.streets.weight)
    homes = distribute_homes(rest + newcomers, weight, np.random.default_rng([seed, 10]))
    done = 0
    for number, part in enumerate(homes.parts(CHUNK)):
        rng = np.random.default_rng([seed, 11, number])
        households = form_households(part, as_of, rng)
        count = len(households.block)
        town = geo.streets.town[households.block]
        people = make_people(households, town, len(demo_people()) + done, voters, as_of, rng)
        misrecord(people, rng)
        places = find_places(geo, people.block, people.on_block, rng)
        share = (done + count) * newcomers // (rest + newcomers) - done * newcomers // (rest + newcomers)
        new = np.sort(rng.choice(count, share, replace=False))
        yield people, places, new, rng
        done += count
