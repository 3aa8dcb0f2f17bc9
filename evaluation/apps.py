from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        from evaluation import hooks
        from evaluation.services import closing, reports, waves  # noqa: F401  register job handlers and a mail

        hooks.register_all()
