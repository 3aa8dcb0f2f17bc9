"""What the scheduler asks of the frame; Celery finds its tasks here."""

from celery import shared_task

from programmes.services import letter_life, training_places


@shared_task(name="programmes.letters")
def letters() -> int:
    """Reminders of letters that wait, end of the days of grace. How many letters were touched."""
    return letter_life.run()


@shared_task(name="programmes.training")
def training() -> int:
    """Reminders of sessions that come. How many people are expected at them."""
    return training_places.remind()
