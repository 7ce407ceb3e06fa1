"""Match a person against a voter roll: probabilistic record linkage in plain Python, without Django.

Build an index of a roll's snapshot with `IndexBuilder`, open it with `open_index`, and query it with a `Matcher`.
"""

from apps.matching.engine import Matcher
from apps.matching.errors import DateError, IndexDamaged, InputError, MatchingError, ModelError
from apps.matching.index import IndexBuilder, VoterIndex, open_index
from apps.matching.model import Model, read_model, shipped_model
from apps.matching.person import STORED_FIELDS, TypedPerson, VoterRecord
from apps.matching.results import Candidate, MatchResult

__all__ = [
    "STORED_FIELDS",
    "Candidate",
    "DateError",
    "IndexBuilder",
    "IndexDamaged",
    "InputError",
    "MatchResult",
    "Matcher",
    "MatchingError",
    "Model",
    "ModelError",
    "TypedPerson",
    "VoterIndex",
    "VoterRecord",
    "open_index",
    "read_model",
    "shipped_model",
]
