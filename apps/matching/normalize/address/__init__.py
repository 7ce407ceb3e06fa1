"""The one normalizer of addresses, for matching, lookup, forms and imports. Imports neither Django nor a voter roll."""

from apps.matching.normalize.address.door import Door, agrees, same_door
from apps.matching.normalize.address.parse import EMPTY, Address, parse_address, read_address
from apps.matching.normalize.address.streets import Street, read_street

__all__ = ["EMPTY", "Address", "Door", "Street", "agrees", "parse_address", "read_address", "read_street", "same_door"]
