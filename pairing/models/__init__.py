"""Tables of the pairs' life, one topic a file."""

from pairing.models.meetings import Meeting
from pairing.models.pairs import GATES, Pair, PairMember

__all__ = ["GATES", "Meeting", "Pair", "PairMember"]
