"""Keys for sorting and searching French, since SQLite neither folds nor sorts it (decision 2)."""

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "OE", "Æ": "AE", "’": "'"})
# What a spreadsheet would run as a formula when the cell is opened.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def listed(names: list[str]) -> str:
    """« Alix M. », « Alix M. et Jo B. », « Alix M., Jo B. et Lou P. »."""
    return " et ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def search_key(text: str) -> str:
    """Lower case, no accent, ligatures opened, single spaces."""
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).casefold().split())


def sort_key(text: str) -> str:
    """As search_key, hyphens and apostrophes as spaces: « Émile » sorts between « Elie » and « Ernest »."""
    return " ".join(search_key(text).replace("-", " ").replace("'", " ").split())
