"""Decides the rows of partners' lists by the rule of disclosure: one bit a row, with counters of their own."""

from collections.abc import Sequence

from django.db import transaction

from . import candidates, disclosure, quotas
from .query import VoterQuery
from .services import counts_of


def are_registered(queries: Sequence[VoterQuery]) -> list[bool]:
    """Return for each person whether name, registered door and birth date agree with one registered voter.

    Wrong details are counted before the answer, in the caller's transaction if there is one. No follow-up is possible:
    a row that fits several voters is not registered.
    """
    evidence = [
        disclosure.weigh(query, rows) for query, rows in zip(queries, candidates.rows_of_people(queries), strict=True)
    ]
    with transaction.atomic():
        rooms = quotas.spend_list([counts_of(one) for one in evidence])
    answers = (
        disclosure.decide(query, one, has_room=has_room, followed_up=True)
        for query, one, has_room in zip(queries, evidence, rooms, strict=True)
    )
    return [answer.row is not None for answer in answers]
