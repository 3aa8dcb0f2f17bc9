from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "pairing"
    verbose_name = "Binômes"

    def ready(self) -> None:
        from pairing import hooks, mails, my_data, support_hooks, tasks  # noqa: F401

        hooks.register_all()
        support_hooks.register_all()
        my_data.register_all()
