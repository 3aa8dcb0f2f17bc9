"""Signed links: found by their own purpose and token, used once, dead when late."""

import datetime as dt
import uuid

import pytest

from portal import clock
from portal.errors import DomainError
from portal.models import SignedLink
from portal.services import links


def make(purpose: str = "visa", **changes) -> tuple[SignedLink, str]:
    return links.issue(**{"purpose": purpose, "object_ref": uuid.uuid4(), "days": 14, **changes})


@pytest.mark.django_db
def test_only_the_hash_is_kept_and_tokens_are_long():
    link, token = make()
    assert len(token) >= 43
    assert token not in str(list(SignedLink.objects.values()))
    assert links.find("visa", token) == link


@pytest.mark.django_db
def test_a_link_opens_nothing_of_another_purpose_nor_a_changed_token():
    _, token = make()
    assert links.find("supervision", token) is None
    assert links.find("visa", token[:-1]) is None
    assert links.find("visa", token + "A") is None
    assert links.find("visa", "") is None


@pytest.mark.django_db
def test_a_link_passes_once_whoever_holds_the_object():
    link, token = make()
    stale = SignedLink.objects.get(pk=link.pk)
    links.use(link=link)
    with pytest.raises(DomainError, match="déjà servi"):
        links.use(link=stale)
    assert links.find("visa", token) is None
    assert links.was_used("visa", token)
    assert not links.was_used("supervision", token)


@pytest.mark.django_db
def test_the_last_second_counts_and_the_next_does_not():
    link, token = make()
    end = link.expires_at
    with clock.at(end - dt.timedelta(seconds=1)):
        assert links.find("visa", token)
    with clock.at(end):
        assert links.find("visa", token) is None
        with pytest.raises(DomainError):
            links.use(link=link)
    assert not links.was_used("visa", token)


@pytest.mark.django_db
def test_revoking_touches_the_links_of_one_object_only():
    link, token = make()
    other, other_token = make()
    links.revoke(purpose="visa", object_ref=link.object_ref)
    assert links.find("visa", token) is None
    assert links.find("visa", other_token) == other
    assert links.pending("visa", [link.object_ref, other.object_ref]) == {other.object_ref}
