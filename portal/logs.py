"""What our logs never hold: the secrets that stand in addresses of links."""

import logging
import re

# The links that carry a token in their path.
TOKENS = re.compile(r"/(r|visa|seance|invitation|agenda)/[\w.~-]+")


class HideTokens(logging.Filter):
    """`/r/k3y…/` is written `/r/•••/`: who came to a link, and when, is not to be read in a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if TOKENS.search(text):
            record.msg, record.args = TOKENS.sub(r"/\1/•••", text), ()
        return True
