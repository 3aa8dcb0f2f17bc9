"""`manage.py build_demo [--fresh]`: the real programmes' sheets and the fictional employers."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from evaluation.demo.calendar import build_day
from evaluation.demo.story import Story
from evaluation.services import reference
from portal import clock
from portal.models import Employer
from portal.preparation import keep_schema, load_reference

EMPLOYERS = ("brumeval", "rivages", "clairmare")


class Command(BaseCommand):
    help = "Construit les données de démonstration ; ne fait rien si elles existent (--fresh les reconstruit)."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--fresh", action="store_true", help="efface TOUTE la base, puis reconstruit")

    def handle(self, *args, fresh: bool, **options) -> None:
        if not settings.DEMO:
            raise CommandError("Les données fictives ne se construisent qu’en démonstration (DEMO=1).")
        if fresh:
            empty_database()
            call_command("migrate", verbosity=0, interactive=False)
            load_reference()
        reference.build()
        day = build_day(clock.today("Europe/Paris"))
        missing = [slug for slug in EMPLOYERS if not Employer.objects.filter(slug=slug).exists()]
        for slug in missing:
            Story(settings.BASE_DIR / f"fixtures/demo/{slug}.json", day).build()
        if missing and connection.vendor == "sqlite":
            keep_schema(Path(connection.settings_dict["NAME"]))


def empty_database() -> None:
    """Everything goes, files included: the journal refuses deletion, so the tables themselves are dropped."""
    if connection.vendor == "sqlite":
        connection.close()
        name = str(connection.settings_dict["NAME"])
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    shutil.rmtree(settings.DOCUMENTS_DIR, ignore_errors=True)
    shutil.rmtree(settings.DEMO_MAIL_DIR, ignore_errors=True)
