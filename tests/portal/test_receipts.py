"""A form sent twice is taken once."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from portal.models import Employer, FormReceipt
from portal.services import receipts


def test_the_second_sending_finds_the_page_of_the_first(db):
    key = uuid.uuid4()
    assert receipts.earlier(key=key) is None
    receipts.keep(key=key, person=None, url="/mon-espace/")
    assert receipts.earlier(key=key) == "/mon-espace/"
    assert receipts.earlier(key=uuid.uuid4()) is None


def test_two_sendings_at_the_same_moment_write_once(db):
    """Both looked before either had written: the second one's work is undone with its receipt."""
    key = uuid.uuid4()
    assert receipts.earlier(key=key) is None and receipts.earlier(key=key) is None
    for slug in ("first", "second"):
        try:
            with transaction.atomic():
                Employer.objects.create(slug=slug, name=slug, neutral_name=slug, branch="fpt")
                receipts.keep(key=key, person=None, url=f"/{slug}/")
        except IntegrityError:
            assert slug == "second"
    assert Employer.objects.get().slug == "first"
    assert receipts.earlier(key=key) == "/first/"


def test_a_receipt_falls_with_the_work_it_stands_for(db):
    key = uuid.uuid4()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receipts.keep(key=key, person=None, url="/x/")
        raise ZeroDivisionError
    assert receipts.earlier(key=key) is None
    assert not FormReceipt.objects.exists()
