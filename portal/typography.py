"""Spaces that never break a line, put into pages as they leave: sources keep plain spaces, readers get French ones.

Before « ? », « ! », « ; », « : » and « » », and after « « »; texts are touched, never a tag, an attribute, what a person
types back (textarea), nor code. Rules of the Imprimerie nationale, with one space for all: thin ones break in some fonts.
"""

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
# What is kept as it stands, then a run of text.
_PARTS = re.compile(r"(<(script|style|textarea|pre|code|title)\b.*?</\2>|<[^>]*>)|([^<]+)", re.DOTALL)
_SPACES = re.compile(r"(?<!\s) (?=[?!;:»](?:\s|$|[)».,]))|(?<=«) (?=\S)")


def french(html: str) -> str:
    """The same page, with no-break spaces where French wants them. Doing it twice changes nothing more."""
    return _PARTS.sub(lambda part: part[1] or _SPACES.sub(NO_BREAK, part[3]), html)
