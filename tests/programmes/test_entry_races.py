"""Twenty uses of one entry card in the same instant, with real threads and commits."""

import threading

import pytest
from django.db import connections

from portal.errors import DomainError
from portal.models import Person, User
from programmes.services import entry_cards
from tests.builders import make_programme, referent_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_twenty_simultaneous_uses_give_one_agent():
    programme = make_programme()
    card, _ = entry_cards.issue(programme=programme, count=1, by=referent_of(programme))[0]
    logins = [User.objects.create_user(f"{number}@personnel.invalid") for number in range(20)]
    gate, outcomes = threading.Barrier(20), []

    def use(user: User) -> None:
        gate.wait()
        try:
            entry_cards.enter(card=card, user=user, given="Candide", family="Rey")
            outcomes.append("in")
        except DomainError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=use, args=[user]) for user in logins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] + ["refused"] * 19
    assert Person.objects.filter(given="Candide").count() == 1
