"""What a database and a static folder need before anything is served; the demonstration and the tests use it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

# Bootstrap's variants that no page of ours uses.
UNUSED_ASSETS = ["*.rtl.*", "bootstrap-*"]


def load_reference() -> None:
    """The reference rows (six steps, themes, questionnaires…): every file of fixtures/reference made of table rows.

    The other files of that folder are read by the services that need them.
    """
    files = sorted((settings.BASE_DIR / "fixtures/reference").glob("*.json"))
    rows = [str(path) for path in files if path.read_text(encoding="utf-8").count('"model":')]
    if rows:
        call_command("loaddata", *rows, verbosity=0)


def schema() -> str:
    """A name for the tables as this version of the code makes them."""
    state = hashlib.sha256()
    for path in sorted(settings.BASE_DIR.glob("*/migrations/*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()


def keep_schema(database: Path) -> None:
    """Note beside an embedded database which version of the tables it was made with."""
    _stamp(database).write_text(schema())


def is_of_another_version(database: Path) -> bool:
    """Whether this embedded database was made with other tables: until 1.0 they are not brought forward."""
    stamp = _stamp(database)
    return database.exists() and not (stamp.exists() and stamp.read_text() == schema())


def _stamp(database: Path) -> Path:
    return database.with_name(f"{database.name}.schema")


def collect_static() -> None:
    """Copy, name by content and compress the static files, when one of them changed since the last time."""
    state = hashlib.sha256()
    sources = [settings.BASE_DIR / "package-lock.json", *sorted((settings.BASE_DIR / "static").rglob("*"))]
    for path in sources:
        if path.is_file():
            state.update(f"{path}:{path.stat().st_size}:{path.stat().st_mtime_ns}".encode())
    stamp = settings.VAR / "static.sha256"
    if stamp.exists() and stamp.read_text() == state.hexdigest() and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED_ASSETS)
    stamp.write_text(state.hexdigest())
