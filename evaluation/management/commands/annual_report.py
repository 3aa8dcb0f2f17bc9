"""`manage.py annual_report`: the yearly report of a programme as a file."""

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.documents import ANNUAL, render_document
from evaluation.enums import Audience
from evaluation.models import Release
from evaluation.services import releases
from evaluation.services.exercices import choose, is_closed
from evaluation.services.reports import content_of
from portal.errors import DomainError
from programmes.models import Exercice, Programme

USAGE = (
    "annual_report --programme ADRESSE (--year AAAA | --from AAAA-MM-JJ --to AAAA-MM-JJ) "
    "--audience hr|referent --format pdf|html --output FICHIER"
)


class FrenchParser(CommandParser):
    """A wrong option is one French sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        sentence = f"Option inconnue ou sans valeur. Écrivez : {USAGE}"
        if self.called_from_command_line:
            self.exit(2, f"{sentence}\n")
        raise CommandError(sentence, returncode=2)


class Command(BaseCommand):
    help = "Écrit le rapport annuel d’un programme dans un fichier (et l’établit si la période est terminée)."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = FrenchParser
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--programme", default="", help="adresse courte du programme")
        parser.add_argument("--year", default="", help="la période qui commence cette année-là")
        parser.add_argument("--from", dest="starts", default="", help="premier jour de la période (AAAA-MM-JJ)")
        parser.add_argument("--to", dest="ends", default="", help="dernier jour de la période (AAAA-MM-JJ)")
        parser.add_argument("--audience", default=Audience.HR.value, help="hr (après restitution) ou referent")
        parser.add_argument("--format", default="pdf", help="pdf ou html")
        parser.add_argument("--output", default="", help="fichier à écrire")

    def handle(self, *args, **options) -> None:
        try:
            path = _path(options["output"])
            _one_of("--format", options["format"], ["pdf", "html"])
            _one_of("--audience", options["audience"], [Audience.HR.value, Audience.REFERENT.value])
            release = _release(_exercice(options), options["audience"])
            rendered = render_document(ANNUAL, content_of(release, options["audience"]))
            _write(path, rendered.pdf if options["format"] == "pdf" else rendered.html.encode())
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{release.programme.name}, {rendered.document.period}, édition {release.edition} : {path}")


def _one_of(option: str, value: str, allowed: list[str]) -> None:
    if value not in allowed:
        raise DomainError(f"{option} vaut {' ou '.join(allowed)}, pas « {value} ».")


def _exercice(options: dict) -> Exercice:
    year, starts, ends = _year(options["year"]), _day(options["starts"]), _day(options["ends"])
    if year and (starts or ends):
        raise DomainError("Donnez une année, ou deux dates, pas les deux.")
    slug = options["programme"]
    programme = Programme.objects.select_related("lead_employer").filter(slug=slug).first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("slug").values_list("slug", flat=True)) or "aucun"
        missing = f"Aucun programme ne s’appelle « {slug} »." if slug else "Donnez --programme."
        raise DomainError(f"{missing} Programmes connus : {known}.")
    return choose(programme=programme, year=year, starts=starts, ends=ends)


def _release(exercice: Exercice, audience: str) -> Release:
    """The latest edition, established now if there is none; nothing is established for RH, who read it last."""
    release = _latest(exercice)
    if audience == Audience.HR and not (release and release.restituted_on) and is_closed(exercice):
        raise DomainError(
            "Ce rapport n’a pas encore été restitué aux participants : les RH le liront ensuite. "
            "Notez la restitution dans le pilotage, ou demandez --audience referent."
        )
    return release or releases.establish(exercice=exercice)


def _latest(exercice: Exercice) -> Release | None:
    return exercice.releases.select_related("programme__lead_employer", "established_by").order_by("-edition").first()


def _path(text: str) -> Path:
    """Where to write, refused before any work when it cannot be."""
    if not text:
        raise DomainError("Donnez --output : le fichier à écrire.")
    path = Path(text)
    if path.is_dir():
        raise _unwritable(path, IsADirectoryError())
    if not path.parent.is_dir():
        raise _unwritable(path, FileNotFoundError())
    return path


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a temporary file beside, then a rename."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DomainError:
    reasons = {
        FileNotFoundError: "ce dossier n’existe pas",
        PermissionError: "vous n’en avez pas le droit",
        IsADirectoryError: "c’est un dossier",
    }
    return DomainError(f"Impossible d’écrire {path} : {reasons.get(type(error), 'le disque a refusé')}.")


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 1900 <= int(text) <= 2999):
        raise DomainError(f"« {text} » n’est pas une année : écrivez par exemple 2025.")
    return int(text)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(f"« {text} » n’est pas une date : écrivez par exemple 2025-01-31.") from error
