from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "programmes"
    verbose_name = "Programmes"

    def ready(self) -> None:
        from programmes import (
            community_hooks,
            entry_hooks,
            framing_hooks,
            hooks,
            joining_hooks,
            letter_hooks,
            library_hooks,
            mails,  # noqa: F401
            my_data,
            shared_hooks,
            team_hooks,
            timeline_hooks,
        )

        hooks.register_all()
        community_hooks.register_all()
        entry_hooks.register_all()
        framing_hooks.register_all()
        joining_hooks.register_all()
        letter_hooks.register_all()
        library_hooks.register_all()
        my_data.register_all()
        shared_hooks.register_all()
        team_hooks.register_all()
        timeline_hooks.register_all()
