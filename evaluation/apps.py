from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        from evaluation import hooks
        from evaluation.services import closing, reports, waves  # noqa: F401  register job handlers and a mail
        from evaluation.triggers import TRIGGERS
        from portal import triggers

        triggers.register(TRIGGERS)
        hooks.register_all()
