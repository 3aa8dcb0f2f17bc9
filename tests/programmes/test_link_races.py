"""Twenty answers to one visa link in the same instant, with real threads and commits."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from portal.services import links
from programmes.enums import LetterState
from programmes.models import Letter, Signature
from tests.programmes.letter_world import make_letter

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("answer", ["accord", "necessite"])
def test_twenty_simultaneous_answers_give_one(answer):
    letter = make_letter(LetterState.TO_MANAGER)
    _, token = links.issue(purpose="visa", object_ref=letter.ref, days=14)
    url = reverse("programmes:visa", args=[token])
    gate, codes = threading.Barrier(20), []

    def post() -> None:
        client = Client()
        gate.wait()
        try:
            codes.append(client.post(url, {"answer": answer}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] + [410] * 19
    given = answer == "accord"
    assert Signature.objects.filter(letter=letter, party="manager").count() == given
    assert Letter.objects.get(pk=letter.pk).state == (LetterState.TO_HR if given else LetterState.TO_MANAGER)
