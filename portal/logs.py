"""What our logs never hold: the secrets that stand in addresses of links, the rows that a database error quotes."""

import logging
import re

# The links that carry a token in their path.
TOKENS = re.compile(r"/(r|visa|seance|invitation|agenda|rappel)/[\w.~-]+")

# « DETAIL: Failing row contains (…) », « Key (email)=(…) already exists »: PostgreSQL quotes what was being written.
QUOTED = re.compile(r"^DETAIL:.*(?:\n(?!\s*$|Traceback|CONTEXT:|HINT:|The above|During handling).*)*", re.MULTILINE)


class HideTokens(logging.Filter):
    """`/r/k3y…/` is written `/r/•••/`: who came to a link, and when, is not to be read in a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if TOKENS.search(text):
            record.msg, record.args = TOKENS.sub(r"/\1/•••", text), ()
        return True


class HideRows(logging.Formatter):
    """A traceback keeps the error and the lines of code, never the values PostgreSQL quotes nor a link's secret."""

    def formatException(self, ei) -> str:
        return TOKENS.sub(r"/\1/•••", QUOTED.sub("DETAIL: •••", super().formatException(ei)))
