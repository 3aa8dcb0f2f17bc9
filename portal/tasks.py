"""Celery finds its tasks here, and with them the handlers and mail contents a worker needs."""

from portal.jobs import run, seal_journal, sweep
from portal.services import invitations, mail

__all__ = ["invitations", "mail", "run", "seal_journal", "sweep"]
