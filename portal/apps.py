import gc

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.forms import Field

# Before any form is defined. Django's own sentence speaks of a « champ », ours to somebody who answers.
Field.default_error_messages = Field.default_error_messages | {"required": "Une réponse est attendue ici."}


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portail"

    def ready(self) -> None:
        from portal import hooks, triggers
        from portal.services import mail  # noqa: F401  registers the handler of mails

        hooks.register_all()

        # Runs for every app migrated, so the last one leaves the triggers in place whatever the order.
        post_migrate.connect(triggers.after_migrate, dispatch_uid="portal.triggers")

        # Models and libraries live as long as the process: the collector need not go through them again and again.
        gc.collect()
        gc.freeze()
