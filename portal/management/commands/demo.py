"""`make demo`: the whole portal on this machine, in the foreground."""

import os
import socket
import time
from http.client import HTTPConnection, HTTPException
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from portal import demo, supervisor
from portal.preparation import is_of_another_version

LOOPBACK = "127.0.0.1"
START_SECONDS = 60
CHILD_ENVIRONMENT = {
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    # Celery warns a root user, which is right in production and noise on a loopback address.
    "PYTHONWARNINGS": "ignore:::celery.platforms",
}


class Command(BaseCommand):
    help = "Lance la démonstration : base, données fictives, serveur, file de tâches et planificateur."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("La démonstration demande DEMO=1. Utilisez : make demo")
        port = free_port(os.environ.get("PORT", "8000"))
        supervisor.stop_on_signals()
        if "MAKELEVEL" in os.environ:
            supervisor.die_with_parent()
        processes = supervisor.Supervisor(
            {
                "serveur web": supervisor.web(f"{LOOPBACK}:{port}"),
                "file de tâches": supervisor.WORKER,
                "planificateur": supervisor.SCHEDULER,
            },
            {**os.environ, **CHILD_ENVIRONMENT},
            self.say,
        )
        try:
            self.prepare()
            processes.start_all()
            self.wait_for_web(processes, port)
            self.announce(port)
            while processes.check():
                time.sleep(0.5)
            raise CommandError("La démonstration s’est arrêtée.")
        except supervisor.Stop:
            self.say("Arrêt de la démonstration.")
        finally:
            processes.end_all()

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def prepare(self) -> None:
        """Tables, reference rows, fictional employers and style sheets; quick when nothing changed."""
        if connection.vendor == "sqlite" and is_of_another_version(Path(connection.settings_dict["NAME"])):
            self.say("La démonstration de ce dossier vient d’une autre version : elle est refaite…")
            call_command("build_demo", fresh=True, stdout=StringIO())
        self.say("Préparation de la base…")
        call_command("prepare", stdout=StringIO())
        self.say("Préparation des données fictives…")
        call_command("build_demo", stdout=StringIO())

    def wait_for_web(self, processes: supervisor.Supervisor, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while (status := home_status(port)) is None:
            if not processes.check() or time.monotonic() > deadline:
                raise CommandError("Le serveur web ne répond pas. Lisez les messages ci-dessus.")
            time.sleep(0.1)
        if status != 200:
            raise CommandError(f"La page d’accueil répond {status} au lieu de 200. Lisez les messages ci-dessus.")

    def announce(self, port: int) -> None:
        self.say(f"\nPrêt : http://{LOOPBACK}:{port}/\n")
        self.say("Entrez d’un clic, depuis la page d’accueil, comme l’une de ces personnes fictives :")
        for employer in demo.people():
            self.say(f"  {employer.employer}")
            for person in employer.people:
                self.say(f"    {person.personne:<12}{person.role}")
        self.say("\nCtrl-C arrête tout.")


def free_port(text: str) -> int:
    """The port as a number, once we know that nobody listens on it."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT={text} n’est pas un numéro de port. Donnez un nombre entre 1 et 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, int(text)))
        except OSError as error:
            raise CommandError(
                f"Le port {text} est déjà pris. Libérez-le, ou choisissez-en un autre : make demo PORT=8001"
            ) from error
    return int(text)


def home_status(port: int) -> int | None:
    """The status of the home page, None while nobody answers."""
    connection = HTTPConnection(LOOPBACK, port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
