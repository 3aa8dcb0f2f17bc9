from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from programmes import hooks, letter_hooks, mails  # noqa: F401

        hooks.register_all()
        letter_hooks.register_all()
