from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = "Évaluation"

    def ready(self) -> None:
        from evaluation import hooks
        from evaluation.services import reports  # noqa: F401  registers the job handler

        hooks.register_all()
