"""A real start: one employer, its mail domains, and the first people's invitations."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from portal.enums import Branch, EmployerRoleKind
from portal.errors import DomainError
from portal.local_day import MAINLAND
from portal.services import employers, invitations

PEOPLE = {
    "referent_email": (EmployerRoleKind.REFERENT, "référent·e handicap"),
    "hr_email": (EmployerRoleKind.HR_SIGNATORY, "RH"),
    "administrator_email": (EmployerRoleKind.ADMINISTRATOR, "administration technique"),
}


class Command(BaseCommand):
    help = "Crée un employeur, ses domaines de messagerie et les premières invitations."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--slug", required=True, help="adresse courte, sans mot de santé : ville-de-x")
        parser.add_argument("--name", required=True, help="nom complet")
        parser.add_argument("--neutral-name", required=True, help="nom court que lisent les passants")
        parser.add_argument("--branch", required=True, choices=Branch.values, help="versant")
        parser.add_argument("--domain", action="append", default=[], help="domaine de messagerie, répétable")
        parser.add_argument("--time-zone", default=MAINLAND)
        for option, (_, label) in PEOPLE.items():
            parser.add_argument(
                f"--{option.replace('_', '-')}", action="append", default=[], help=f"à inviter : {label}"
            )

    def handle(self, *args, **options) -> None:
        try:
            employer, sent = self._create(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Employeur créé : {employer.name} ({employer.slug})")
        mailing = _mail_answers()
        for label, email, token in sent:
            line = f"Invitation ({label}) : {email}"
            if not mailing:
                line += f"\n  {settings.BASE_URL}{reverse('portal:invitation', args=[token])}"
            self.stdout.write(line)
        if sent and not mailing:
            self.stdout.write("Aucun serveur de messagerie ne répond : remettez ces liens en main propre (14 jours).")

    @transaction.atomic
    def _create(self, options: dict):
        employer = employers.create(
            slug=options["slug"],
            name=options["name"],
            neutral_name=options["neutral_name"],
            branch=options["branch"],
            domains=options["domain"],
            time_zone=options["time_zone"],
        )
        sent = [
            (label, email, invitations.invite(employer=employer, email=email, role=role, by=None).token)
            for option, (role, label) in PEOPLE.items()
            for email in options[option]
        ]
        return employer, sent


def _mail_answers() -> bool:
    """Whether a mail could leave now."""
    try:
        with get_connection():
            return True
    except (OSError, SMTPException):
        return False
