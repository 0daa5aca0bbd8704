"""YAML that knows its lines: files read with suspicion, as plain data whose every part has a position."""

from quizgen.source.decode import MOST_BYTES, decode
from quizgen.source.document import Location, Source, read_source
from quizgen.source.folded import Folded
from quizgen.source.nodes import Plain

__all__ = ["MOST_BYTES", "Folded", "Location", "Plain", "Source", "decode", "read_source"]
