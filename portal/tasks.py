"""Celery finds its tasks here, and with them the handlers and mail contents a worker needs."""

from celery import shared_task

from portal.jobs import run, seal_journal, sweep
from portal.services import erasure, invitations, mail, retention, space

__all__ = ["forget", "invitations", "mail", "run", "seal_journal", "sweep"]


@shared_task(name="portal.news")
def gather_news() -> int:
    """News that no message of the day would take: written while it was leaving; then what did not leave. How many."""
    return mail.gather_waiting() + mail.try_again()


@shared_task(name="portal.forget")
def forget() -> int:
    """What must go today: people whose day of erasure has come, then every retention rule. How many rows."""
    gone = erasure.run() + sum(retention.run().values())
    space.empty_log()
    return gone
