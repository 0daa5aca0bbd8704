"""Authors' text: Markdown read once into a tree, and the tree as HTML, plain text and formulas.

Import `html`, `plain` and `maths` by their modules; reading and walking the tree are here.
"""

from quizgen.richtext.fault import Fault, faults
from quizgen.richtext.markdown import parse
from quizgen.richtext.walk import images, map_images, map_inlines, walk, with_gaps

__all__ = ["Fault", "faults", "images", "map_images", "map_inlines", "parse", "walk", "with_gaps"]
