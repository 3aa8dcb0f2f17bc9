"""A form sent twice (double tap, back button) is taken once (FormReceipt)."""

from uuid import UUID

from portal.models import FormReceipt, Person


def earlier(*, key: UUID) -> str | None:
    """The page of the first sending's result, if this form was already taken."""
    return FormReceipt.objects.filter(key=key).values_list("url", flat=True).first()


def keep(*, key: UUID, person: Person | None, url: str) -> None:
    """Remember, in the caller's transaction, that this form was taken; the unique key stops a parallel twin."""
    FormReceipt.objects.create(key=key, person=person, url=url)
