"""Anonymity that nobody can switch off: what a wave promised when it opened, the database itself refuses to change.

- what is asked, of whom, what will be published and until when: as at opening (decision 31);
- it stays open fourteen days, and is not closed before its last one (to a day: midnight is not the same everywhere);
- a closed wave never opens again and never has a key again;
- an answer is inserted, then deleted; never changed.

Tests of other engines, columns and order: tests/evaluation/test_promises_of_a_wave.py, test_sybils.py.
"""

from portal.triggers import Triggers

WAVE = "evaluation_wave"
ANSWERS = ("evaluation_openanswer", "evaluation_closedanswer", "evaluation_opentext", "evaluation_closedtext")
FROZEN = (
    *(
        "programme_id",
        "cycle_id",
        "session_id",
        "gathering_id",
        "moment",
        "public",
        "questionnaire_id",
        "rules_version",
        "plan",
        "own",
    ),
    "compared",
    *("opens_on", "closes_on", "opened_at", "pairs_invited"),
)
SHORT, EARLY = "a survey stays open fourteen days", "a survey is not closed before its last day"
PROMISE, REOPEN = "an open survey keeps its promise", "a closed survey stays closed"


def _wave(engine: str) -> tuple[str, str]:
    """Conditions of a refused update: a promise broken, a closed wave touched."""
    different = "IS NOT" if engine == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {different} NEW.{column}" for column in FROZEN)
    recounted = f"(OLD.invited {different} NEW.invited AND NOT (OLD.state = 'open' AND NEW.state = 'closed'))"
    promise = f"OLD.state <> 'planned' AND ({changed} OR {recounted})"
    again = "OLD.state = 'closed' AND (NEW.state <> 'closed' OR NEW.key <> '')"
    return promise, again


def _dates(engine: str) -> tuple[str, str]:
    """Conditions of a wave that would be too short, of one that is closed too early."""
    sqlite = engine == "sqlite"
    least = "date(NEW.opens_on, '+14 days')" if sqlite else "NEW.opens_on + 14"
    closed = "date(NEW.closed_at)" if sqlite else "(NEW.closed_at AT TIME ZONE 'UTC')::date"
    short = f"NEW.state <> 'planned' AND NEW.closes_on < {least}"
    return short, f"OLD.state = 'open' AND NEW.state = 'closed' AND {closed} < OLD.closes_on"


def _sqlite() -> list[str]:
    promise, again = _wave("sqlite")
    short, early = _dates("sqlite")
    return [
        f"CREATE TRIGGER {WAVE}_short BEFORE INSERT ON {WAVE} WHEN {short} BEGIN SELECT RAISE(ABORT, '{SHORT}'); END",
        f"CREATE TRIGGER {WAVE}_early BEFORE UPDATE ON {WAVE} WHEN {early} BEGIN SELECT RAISE(ABORT, '{EARLY}'); END",
        f"CREATE TRIGGER {WAVE}_promise BEFORE UPDATE ON {WAVE} WHEN {promise} "
        f"BEGIN SELECT RAISE(ABORT, '{PROMISE}'); END",
        f"CREATE TRIGGER {WAVE}_stays_closed BEFORE UPDATE ON {WAVE} WHEN {again} "
        f"BEGIN SELECT RAISE(ABORT, '{REOPEN}'); END",
        *(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'an answer never changes'); END"
            for table in ANSWERS
        ),
    ]


def _postgres() -> list[str]:
    promise, again = _wave("postgresql")
    short, early = _dates("postgresql")
    refuse = "EXECUTE FUNCTION resonance_refused"
    return [
        """CREATE OR REPLACE FUNCTION resonance_refused() RETURNS trigger AS $$
           BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$ LANGUAGE plpgsql""",
        f"CREATE TRIGGER {WAVE}_short BEFORE INSERT ON {WAVE} FOR EACH ROW WHEN ({short}) {refuse}('{SHORT}')",
        f"CREATE TRIGGER {WAVE}_early BEFORE UPDATE ON {WAVE} FOR EACH ROW WHEN ({early}) {refuse}('{EARLY}')",
        f"CREATE TRIGGER {WAVE}_promise BEFORE UPDATE ON {WAVE} FOR EACH ROW WHEN ({promise}) {refuse}('{PROMISE}')",
        f"CREATE TRIGGER {WAVE}_stays_closed BEFORE UPDATE ON {WAVE} FOR EACH ROW WHEN ({again}) {refuse}('{REOPEN}')",
        *(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW {refuse}('an answer never changes')"
            for table in ANSWERS
        ),
    ]


TRIGGERS = Triggers(
    dict.fromkeys((f"{WAVE}_{name}" for name in ("short", "early", "promise", "stays_closed")), WAVE)
    | {f"{table}_no_update": table for table in ANSWERS},
    _sqlite(),
    _postgres(),
)
