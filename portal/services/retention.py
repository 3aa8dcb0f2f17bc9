"""How long what is kept: rules in code, each said in words on a page and applied by one task (domain.md m.3).

An app registers a RETENTION hook that returns its rules; nothing else deletes on a delay. Every rule is idempotent: it
looks for what is overdue now, whatever ran before.
"""

import logging

from django.db import DatabaseError, transaction

from portal import registry
from portal.registry import Rule

logger = logging.getLogger(__name__)


def rules() -> list[Rule]:
    """Every rule of the portal, in the order of the apps."""
    return registry.gather(registry.RETENTION)


def run() -> dict[str, int]:
    """Apply every rule once: {code: rows that went or were emptied}.

    Each in a transaction of its own; one that fails is logged and tried again next time, the others go on.
    """
    done = {}
    for rule in rules():
        try:
            with transaction.atomic():
                done[rule.code] = rule.apply()
        except DatabaseError:
            logger.exception("retention rule %s failed", rule.code)
            done[rule.code] = 0
    return done
