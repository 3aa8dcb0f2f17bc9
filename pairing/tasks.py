"""What the scheduler asks of the pairs; Celery finds its tasks here."""

from celery import shared_task

from pairing.services import (
    answers,
    gates,
    quiet,
    returns,
    suggestions,  # noqa: F401  its jobs are found here
    support_reminders,
    wishes,
)


@shared_task(name="pairing.refresh_waiting")
def refresh_waiting() -> int:
    """Some conditions are met by a day alone: pairs that have not started are looked at again. How many start."""
    return gates.refresh_waiting()


@shared_task(name="pairing.support_reminders")
def remind_support() -> int:
    """Requests and messages whose target comes near, said once. How many."""
    return support_reminders.run()


@shared_task(name="pairing.close_wishes")
def close_wishes() -> int:
    """Rounds of wishes whose last day is over close by themselves. How many."""
    return wishes.close_due()


@shared_task(name="pairing.quiet")
def note_silence() -> int:
    """A note to the two of each pair without news. How many pairs; none is ever closed by it."""
    return quiet.note()


@shared_task(name="pairing.proposals")
def proposals() -> int:
    """Reminders, and delays that have passed. Late or twice does no harm. How many proposals lapse."""
    answers.remind()
    return answers.lapse_overdue()


@shared_task(name="pairing.returns")
def recall_days() -> int:
    """Days that somebody chose to be reminded of. How many; late or twice does no harm."""
    return returns.remind()
