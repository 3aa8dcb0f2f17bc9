"""The charter: drafted, in force for good, accepted by version; a new version stops nobody."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock, registry
from portal.errors import Conflict, DomainError, Refused
from portal.models import JournalEntry
from programmes.enums import Side
from programmes.models import CharterAcceptance, CharterVersion
from programmes.services import charter
from programmes.services import participation as participations
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db


def today(programme) -> dt.date:
    return clock.today(programme.time_zone)


def put_in_force(programme, on: dt.date | None = None) -> CharterVersion:
    by = referent_of(programme)
    version = charter.draft(programme=programme, by=by)
    charter.put_in_force(version=version, on=on or today(programme), seen=version.version, by=by)
    return version


@pytest.fixture
def cleared(monkeypatch) -> list:
    """What the hooks called CLEARED are told."""
    told: list = []
    monkeypatch.setitem(registry._hooks, registry.CLEARED, [lambda part, gate: told.append((part.pk, gate))])
    return told


def test_the_first_version_holds_the_eighteen_articles_and_is_drafted_once():
    programme = make_programme()
    version = charter.draft(programme=programme, by=referent_of(programme))
    assert len(version.articles) == 18
    assert (version.articles[0]["title"], version.articles[17]["title"]) == ("Volontariat", "Révision")
    assert charter.draft(programme=programme, by=referent_of(programme)) == version
    assert charter.current(programme) is None


def test_in_force_the_text_never_changes_again():
    programme = make_programme()
    version = put_in_force(programme)
    texts = ["autre"] * 18
    for seen in (1, 2, version.version):
        with pytest.raises(DomainError, match="ne change plus"):
            charter.change(version=version, texts=texts, seen=seen, by=referent_of(programme))
    with pytest.raises(DomainError, match="ne change plus"):
        charter.put_in_force(version=version, on=today(programme), seen=version.version, by=referent_of(programme))
    version.refresh_from_db()
    assert charter.intact(version)
    version.articles[0]["text"] += "!"
    assert not charter.intact(version)


def test_two_windows_lose_nothing_and_no_article_becomes_empty():
    programme = make_programme()
    by = referent_of(programme)
    version = charter.draft(programme=programme, by=by)
    texts = [article["text"] for article in version.articles]
    charter.change(version=version, texts=["Premier.", *texts[1:]], seen=1, by=by)
    with pytest.raises(Conflict):
        charter.change(version=version, texts=["Second.", *texts[1:]], seen=1, by=by)
    for wrong in (texts[1:], [" ", *texts[1:]]):
        with pytest.raises(DomainError, match="Chaque article"):
            charter.change(version=version, texts=wrong, seen=2, by=by)
    version.refresh_from_db()
    assert version.articles[0]["text"] == "Premier."


def test_a_date_in_the_past_or_before_another_version_is_refused():
    programme = make_programme()
    put_in_force(programme, today(programme) + dt.timedelta(days=10))
    by = referent_of(programme)
    version = charter.draft(programme=programme, by=by)
    for day in (-1, 5):
        with pytest.raises(DomainError) as refusal:
            charter.put_in_force(version=version, on=today(programme) + dt.timedelta(days=day), seen=1, by=by)
        assert refusal.value.field == "on"


def test_a_version_with_a_date_to_come_is_not_current_before_it():
    programme = make_programme()
    first = put_in_force(programme)
    second = put_in_force(programme, today(programme) + dt.timedelta(days=3))
    assert charter.current(programme) == first
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert charter.current(programme) == second


def test_the_database_refuses_a_version_in_force_without_hash():
    programme = make_programme()
    version = charter.draft(programme=programme, by=referent_of(programme))
    with pytest.raises(IntegrityError), transaction.atomic():
        CharterVersion.objects.filter(pk=version.pk).update(in_force_on=today(programme))


def test_accepting_clears_the_gate_once_and_only_the_person_accepts(cleared):
    programme = make_programme()
    row = make_participation(programme)
    with pytest.raises(DomainError, match="Aucune charte"):
        charter.accept(participation=row, by=row.person)
    version = put_in_force(programme)
    with pytest.raises(Refused):
        charter.accept(participation=row, by=referent_of(programme))
    assert not charter.accepted(row)
    for _ in range(2):
        charter.accept(participation=row, by=row.person, seen=version)
    assert charter.accepted(row)
    assert CharterAcceptance.objects.count() == 1
    assert cleared == [(row.pk, "charter")]


def test_a_new_version_asks_again_with_thirty_days_of_grace():
    programme = make_programme()
    row, newcomer = make_participation(programme), make_participation(programme)
    old = put_in_force(programme)
    charter.accept(participation=row, by=row.person)
    put_in_force(programme)
    assert not charter.accepted(row)
    assert charter.standing(row) == "grace"
    assert charter.standing(newcomer) == "expected"
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert charter.standing(row) == "expected"
    with pytest.raises(DomainError, match="Relisez"):
        charter.accept(participation=row, by=row.person, seen=old)
    charter.accept(participation=row, by=row.person)
    assert charter.standing(row) == "accepted"


def test_the_agent_reads_accepts_and_is_asked_no_more():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    rows = [make_participation(programme, side, person) for side in (Side.HELPED, Side.HELPER)]
    client, url = client_of(person), reverse("programmes:my_charter", args=[programme.slug])
    assert client.get(url).status_code == 404
    version = put_in_force(programme)
    assert "La charte est à lire" in client.get(reverse("portal:my_space")).content.decode()
    page = client.get(url).content.decode()
    assert "Volontariat" in page and version.sha256 in page
    assert client.post(url, {"version": str(version.ref)}).status_code == 200
    assert not charter.accepted(rows[0])
    client.post(url, {"version": str(version.ref), "read": "on"})
    assert all(charter.accepted(row) for row in rows)
    assert "La charte est à lire" not in client.get(reverse("portal:my_space")).content.decode()


def test_who_does_not_take_part_reads_no_charter():
    programme = make_programme()
    put_in_force(programme)
    url = reverse("programmes:my_charter", args=[programme.slug])
    assert client_of(make_person(programme.lead_employer)).get(url).status_code == 404
    gone = make_participation(programme)
    participations.withdraw(participation=gone, by=gone.person)
    assert client_of(gone.person).get(url).status_code == 404


def test_the_referent_edits_and_puts_in_force_on_the_pages():
    programme = make_programme()
    client = client_of(referent_of(programme))
    address = client.post(reverse("programmes:charter", args=[programme.slug])).headers["Location"]
    form = client.get(address).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"article_3": "Chacun choisit."}
    assert client.post(address, data).status_code == 302
    version = programme.charters.get()
    assert version.articles[2]["text"] == "Chacun choisit."
    force = reverse("programmes:charter_in_force", args=[programme.slug, version.ref])
    assert client.post(force, {"seen": version.version, "on": str(today(programme))}).status_code == 302
    assert charter.current(programme) == version
    assert client.get(address).content.decode().count("<textarea") == 0


def test_a_draft_is_dropped_once_confirmed_and_what_is_in_force_stays():
    programme = make_programme()
    current, by = put_in_force(programme), referent_of(programme)
    draft = charter.draft(programme=programme, by=by)
    client, url = client_of(by), reverse("programmes:charter_drop", args=[programme.slug, draft.ref])
    assert url in client.get(reverse("programmes:charter_version", args=[programme.slug, draft.ref])).content.decode()
    page = client.get(url).content.decode()
    assert "Qui le saura" in page and "La version 1, en vigueur, ne change pas" in page
    assert programme.charters.count() == 2
    written = JournalEntry.objects.count()
    assert client.post(url).status_code == 302
    assert list(programme.charters.all()) == [current] and JournalEntry.objects.count() == written + 1
    assert client.get(url).status_code == 404
    # One whose date was fixed meanwhile is kept, and the page says why.
    fixed = reverse("programmes:charter_drop", args=[programme.slug, current.ref])
    assert "ne change plus" in client.post(fixed, follow=True).content.decode()
    with pytest.raises(DomainError):
        charter.drop(version=current, by=by)
    assert charter.draft(programme=programme, by=by).number == 2


def test_pages_cost_the_same_with_more_people():
    programme = make_programme()
    put_in_force(programme)
    client = client_of(referent_of(programme))

    def read() -> None:
        assert client.get(reverse("programmes:charter", args=[programme.slug])).status_code == 200

    def somebody() -> None:
        row = make_participation(programme)
        charter.accept(participation=row, by=row.person)

    assert_same_queries(read, somebody)
