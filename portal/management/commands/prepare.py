"""What a deployment runs before its processes start: tables, reference rows, static files."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.preparation import collect_static, load_reference


class Command(BaseCommand):
    help = "Met à jour les tables, les listes de référence et les fichiers statiques."

    def handle(self, *args, **options) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        load_reference()
        collect_static()
        self.stdout.write("Tout est prêt.")
