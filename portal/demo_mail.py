"""In the demonstration, mails go to a folder that /demo/courrier/ shows instead of leaving."""

import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """One file per message in `settings.DEMO_MAIL_DIR`."""

    def send_messages(self, email_messages) -> int:
        settings.DEMO_MAIL_DIR.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            path = settings.DEMO_MAIL_DIR / f"{uuid.uuid4().hex}.part"
            path.write_bytes(message.message().as_bytes())
            path.rename(path.with_suffix(".eml"))
        return len(email_messages)


def messages(limit: int = 50) -> list[EmailMessage]:
    """The latest messages, newest first."""
    files = sorted(settings.DEMO_MAIL_DIR.glob("*.eml"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files[:limit]]
