"""Celery finds its tasks here."""

from portal.jobs import run, seal_journal, sweep

__all__ = ["run", "seal_journal", "sweep"]
