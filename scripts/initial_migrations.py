"""Makes the initial migration of each app again, until 1.0 the only one: `make migrations`.

Django adds most constraints after all tables are made, and SQLite rebuilds a table for each of them: here each constraint
stands in the table that it holds, and portal.migration makes the tables in one go: a new database is prepared several
times faster.
"""

import os
import sys
from importlib import import_module, reload
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("DEMO", "1")
APPS = ("portal", "programmes", "pairing", "evaluation")


def inside_their_tables(operations: list) -> list:
    """The same operations, each AddConstraint moved into the CreateModel that already has its fields."""
    from django.db.migrations.operations import AddConstraint, AddField, CreateModel

    tables = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    later = {(one.model_name_lower, one.name) for one in operations if isinstance(one, AddField)}
    kept = []
    for operation in operations:
        table = tables.get(operation.model_name_lower) if isinstance(operation, AddConstraint) else None
        if table is None or any(model == table.name_lower for model, _ in later):
            kept.append(operation)
        else:
            table.options["constraints"] = [*table.options.get("constraints", []), operation.constraint]
    return kept


def main() -> None:
    import django
    from django.core.management import call_command
    from django.db.migrations.writer import MigrationWriter

    django.setup()
    paths = [ROOT / app / "migrations/0001_initial.py" for app in APPS]
    for path in paths:
        path.unlink(missing_ok=True)
    call_command("makemigrations", *APPS, verbosity=0, include_header=False)
    for app, path in zip(APPS, paths, strict=True):
        module = import_module(f"{app}.migrations.0001_initial")
        migration = reload(module).Migration("0001_initial", app)
        migration.operations = inside_their_tables(migration.operations)
        text = MigrationWriter(migration, include_header=False).as_string()
        text = text.replace("class Migration(migrations.Migration):", "class Migration(Initial):")
        text = text.replace("\n\n\nclass", "\nfrom portal.migration import Initial\n\n\nclass", 1)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
