"""The empty migrated database, kept from one run to the next: preparing it takes longer than most topics' tests.

SQLite only. Kept in the system's temporary folder under a name made of all that decides the schema.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DECIDES = ("*/migrations/*.py", "*/triggers.py", "requirements.txt")


@cache
def kept() -> Path:
    """Its place, as the sources were when this process first asked."""
    return _place()


def _place() -> Path:
    state = hashlib.sha256()
    for pattern in DECIDES:
        for path in sorted(ROOT.glob(pattern)):
            state.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"resonance-migrated-{state.hexdigest()[:24]}.sqlite3"


def bring(database: Path) -> bool:
    """Put the kept database at this place, if there is one."""
    if not kept().exists():
        return False
    shutil.copyfile(kept(), database)
    return True


def keep(database: Path) -> None:
    """Keep this migrated database for the next runs: written whole, then named. Not if a migration changed meanwhile."""
    if kept() != _place():
        return
    whole = kept().with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", [str(whole)])
    whole.replace(kept())
