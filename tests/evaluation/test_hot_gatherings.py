"""« À chaud » after a collective time: everybody registered is asked, and nobody reads who they were, nor how many."""

import datetime as dt
import json
import random
import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from evaluation.enums import Moment, Public
from evaluation.models import Wave, WaveInvitation
from evaluation.services import answers, closing, hot, survey_figures, waves
from portal.enums import EmployerRoleKind
from portal.errors import DomainError
from portal.models import OutgoingMail
from portal.services import mail
from programmes.enums import ProgrammeRoleKind
from programmes.models import Exercice, Gathering, Registration
from programmes.services import community, gatherings, retention, rollout
from tests.builders import client_of, make_person, make_programme, referent_of
from tests.evaluation.surveys import NOW, day, on
from tests.evaluation.test_answers import url_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def programme():
    with on(-10):
        made = make_programme(forms=["community", "pair"])
    with on(0):
        yield made


def members(programme, number: int) -> list:
    made = [make_person(programme.lead_employer) for _ in range(number)]
    for person in made:
        community.join(programme=programme, person=person, form="community", rules_read=True)
    return made


def announced(programme, *, asks=True, kind="workshop", title="Atelier du mois") -> Gathering:
    """Tomorrow at ten, for an hour."""
    return gatherings.plan(
        programme=programme,
        kind=kind,
        title=title,
        starts_at=NOW + dt.timedelta(days=1),
        minutes=60,
        place="Salle 12",
        asks=asks,
        by=referent_of(programme),
    )


def come(row: Gathering, people) -> None:
    for person in people:
        gatherings.register(gathering=row, person=person)


def count(row: Gathering, attended: int, *, days: int = 2) -> str:
    """The number is typed, two days from now unless told otherwise."""
    row.refresh_from_db()
    with on(days):
        return gatherings.record_held(gathering=row, attended=attended, seen=row.version, by=referent_of(row.programme))


# --- The attack -------------------------------------------------------------------------------------------------------
class Watcher:
    """Référent, facilitator and both RH, who read all their pages at every stage of a collective time."""

    def __init__(self, programme) -> None:
        self.programme, employer = programme, programme.lead_employer
        facilitator = make_person(employer)
        role = ProgrammeRoleKind.FACILITATOR
        rollout.grant(programme=programme, person=facilitator, role=role, by=referent_of(programme))
        rh = make_person(employer, roles=(EmployerRoleKind.HR_SIGNATORY, EmployerRoleKind.HR_READER))
        self.referent = client_of(referent_of(programme))
        self.clients = {"référent": self.referent, "animation": client_of(facilitator), "rh": client_of(rh)}
        self.staff = {referent_of(programme), facilitator, rh}

    def pages(self, row: Gathering) -> list[str]:
        slug = [self.programme.slug]
        one = [*slug, row.ref]
        urls = [
            reverse("evaluation:surveys", args=slug),
            reverse("evaluation:reports", args=slug),
            reverse("programmes:gatherings", args=slug),
            reverse("programmes:gathering", args=one),
            reverse("programmes:change_gathering", args=one),
            reverse("programmes:cancel_gathering", args=one),
            reverse("programmes:count_gathering", args=[row.ref]),
            self.programme.get_absolute_url(),
            reverse("portal:my_space"),
            reverse("portal:news"),
            reverse("evaluation:my_surveys"),
            reverse("evaluation:hr_reports", args=[self.programme.lead_employer.slug]),
        ]
        return [
            f"{name} {url} {client.get(url).content.decode()}" for url in urls for name, client in self.clients.items()
        ]

    def everything(self, registered, attended: int) -> str:
        """All they read from the announcement to the end, as one text without what is drawn at random."""
        read = []
        with transaction.atomic():
            row = announced(self.programme)
            come(row, registered)
            row.refresh_from_db()
            read += self.pages(row)
            with on(2):
                read += self.pages(row)
                url = reverse("programmes:gathering", args=[self.programme.slug, row.ref])
                sent = {"attended": f"{attended}", "seen": row.version}
                read.append(self.referent.post(url, sent, follow=True).content.decode())
                read += self.pages(row)
            with on(10):
                for wave in Wave.objects.all():
                    remind = reverse("evaluation:remind_survey", args=[self.programme.slug, wave.ref])
                    read.append(self.referent.post(remind, follow=True).content.decode())
            with on(20):
                for wave in Wave.objects.all():
                    closing.close(wave=wave, by=None)
                read += self.pages(row)
            written = OutgoingMail.objects.filter(person__in=self.staff)
            read += ["\n".join(mail.render(one)) for one in written.order_by("pk")]
            transaction.set_rollback(True)
        text = "\n".join(read)
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken\" value=\"\w+|nonce=\"[^\"]+", "", text)


@pytest.mark.parametrize(("first", "second"), [((0, 8), (5, 20)), ((0, 0), (10, 16))], ids=["asked", "too few"])
def test_whoever_organises_reads_the_same_whoever_registered_and_however_many(programme, first, second):
    people, watcher = members(programme, 20), Watcher(programme)
    one = watcher.everything(people[slice(*first)], 12)
    assert "Atelier du mois" in one and ("partent aux personnes inscrites" in one) == (first == (0, 8))
    assert one == watcher.everything(people[slice(*second)], 12)
    assert not any(person.given in one for person in people)


def test_those_who_organise_can_be_registered_too_and_read_only_their_own_link(programme):
    watcher, people = Watcher(programme), members(programme, 8)
    referent = referent_of(programme)
    community.join(programme=programme, person=referent, form="community", rules_read=True)
    row = announced(programme)
    come(row, [referent, *people])
    assert count(row, 12) == hot.SENT
    (own,) = OutgoingMail.objects.filter(kind=waves.MAIL, person=referent)
    with on(2):
        read = "\n".join((*mail.render(own), *watcher.pages(row)))
    assert not any(person.given in read or person.user.email in read for person in people)


def test_at_closing_nothing_tells_any_more_who_had_registered(programme):
    row = announced(programme)
    people = members(programme, 8)
    come(row, people)
    count(row, 12)
    wave = Wave.objects.get()
    assert not Registration.objects.exists()
    assert set(wave.invitations.values_list("person", flat=True)) == {person.pk for person in people}
    assert OutgoingMail.objects.filter(kind=waves.MAIL).count() == 8
    with on(17):
        closing.close(wave=wave, by=None)
    assert list(wave.invitations.values_list("person", flat=True).distinct()) == [None]
    assert not OutgoingMail.objects.filter(kind=waves.MAIL).exists()


# --- Who is asked -----------------------------------------------------------------------------------------------------
def test_everybody_registered_is_asked_once_for_two_weeks_and_nobody_else(programme):
    row, people = announced(programme), members(programme, 10)
    come(row, people[:9])
    gatherings.unregister(gathering=row, person=people[8])
    assert count(row, 11) == hot.SENT
    wave = Wave.objects.get()
    assert (wave.gathering, wave.moment, wave.public) == (row, Moment.HOT, Public.EVENT)
    assert (wave.plan, wave.opens_on, wave.closes_on) == ({f"H{n}": "whole" for n in range(1, 5)}, day(2), day(16))
    assert set(wave.invitations.values_list("person", flat=True)) == {person.pk for person in people[:8]}
    assert count(row, 14) == "", "a number corrected asks nobody again"
    assert Wave.objects.count() == 1


@pytest.mark.parametrize(
    ("registered", "attended", "days"),
    [(6, 12, 2), (8, 6, 2), (8, 12, 9)],
    ids=["few registered", "few came", "after a week"],
)
def test_too_few_or_too_late_asks_nobody_says_why_and_keeps_nothing(programme, registered, attended, days):
    row = announced(programme)
    come(row, members(programme, registered))
    assert count(row, attended, days=days) == hot.NOT_SENT
    assert not Wave.objects.exists() and not Registration.objects.exists() and not WaveInvitation.objects.exists()


def test_the_seventh_day_is_not_too_late(programme):
    row = announced(programme)
    come(row, members(programme, 7))
    assert count(row, 7, days=8) == hot.SENT


def test_nobody_is_asked_about_a_time_that_did_not_say_so_was_cancelled_or_was_never_counted(programme):
    plain, people = announced(programme, asks=False), members(programme, 8)
    come(plain, people)
    assert count(plain, 12) == ""
    cancelled = announced(programme)
    come(cancelled, people)
    gatherings.cancel(gathering=cancelled, by=referent_of(programme))
    uncounted = announced(programme)
    come(uncounted, people)
    with on(40):
        for rule in retention.rules():
            rule.apply()
    assert not Wave.objects.exists() and not Registration.objects.exists()


def test_somebody_whose_account_is_gone_is_neither_counted_nor_asked(programme):
    row, people = announced(programme), members(programme, 7)
    come(row, people)
    people[0].user = None
    people[0].save()
    assert count(row, 12) == hot.NOT_SENT


def test_a_wave_is_about_one_thing(programme):
    row = announced(programme)
    come(row, members(programme, 8))
    count(row, 12)
    with pytest.raises(DatabaseError), transaction.atomic():
        Wave.objects.update(gathering=None)


# --- What people are told ---------------------------------------------------------------------------------------------
def test_it_is_said_before_registering_and_only_when_it_is_asked(programme):
    (person,) = members(programme, 1)
    said, page = "quatre questions sans nom", reverse("programmes:my_gatherings")
    row = announced(programme, asks=False)
    assert said not in client_of(person).get(page).text
    come(row, [person])
    row.refresh_from_db()
    fields = {name: getattr(row, name) for name in ("kind", "title", "starts_at", "minutes", "place", "seats")}
    gatherings.change(gathering=row, seen=row.version, by=referent_of(programme), **fields, asks=True)
    assert said in client_of(person).get(page).text
    assert [one.person for one in OutgoingMail.objects.filter(kind=gatherings.MAIL)] == [person], "told of the change"


def test_the_number_waits_for_the_end_of_a_time_that_asks(programme):
    row = announced(programme)
    come(row, members(programme, 8))
    row.refresh_from_db()
    client, url = client_of(referent_of(programme)), reverse("programmes:gathering", args=[programme.slug, row.ref])
    with on(1):
        page = client.post(url, {"attended": "12", "seen": row.version}).text
        assert "une fois ce temps terminé" in page and 'value="12"' in page
        assert gatherings.to_count(programme) == []
        with pytest.raises(DomainError):
            gatherings.record_held(gathering=row, attended=12, seen=row.version, by=referent_of(programme))
    assert Registration.objects.count() == 8
    with on(2):
        assert gatherings.to_count(programme) == [row]
        assert hot.WAITS in client.get(reverse("evaluation:surveys", args=[programme.slug])).text


def test_the_message_and_the_page_say_what_it_is_about_and_that_one_may_do_nothing(programme, client):
    row = announced(programme, title="Bien travailler à distance")
    come(row, members(programme, 8))
    count(row, 12)
    with on(3):
        subject, body = mail.render(OutgoingMail.objects.filter(kind=waves.MAIL).first())
        assert "atelier du 4 mars 2026" in body and "rien à faire" in body and "cinq minutes" not in body
        assert "Bien travailler" not in subject + body and "handicap" not in subject + body
        page = client.get(url_of(waves.token_of(WaveInvitation.objects.first()))).text
    assert "Atelier du 4 mars 2026" in page and "Fermez cette page" in page


def test_the_form_asks_only_when_it_is_ticked(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:plan_gathering", args=[programme.slug])
    sent = {"kind": "webinar", "title": "Webinaire", "day": f"{day(5)}", "hour": "10:00", "minutes": "60"}
    for ticked in ({}, {"asks": "on"}):
        client.post(url, {**sent, "place": "Visio", **ticked})
    assert list(Gathering.objects.order_by("pk").values_list("asks", flat=True)) == [False, True]


# --- What is published ------------------------------------------------------------------------------------------------
def test_figures_stand_with_those_of_training_and_never_say_how_many_registered(programme):
    chance = random.Random(3)
    for kind, registered, answered in (("workshop", 13, 9), ("webinar", 8, 4)):
        row = announced(programme, kind=kind)
        come(row, members(programme, registered))
        count(row, 12)
        wave = row.wave
        for rank, invitation in enumerate(wave.invitations.order_by("pk")[:answered]):
            with on(3):
                answers.submit(token=waves.token_of(invitation), answers={"H1": "5" if rank < 5 else "2"})
        with on(17):
            closing.close(wave=wave, by=None, chance=chance)
    exercice = Exercice.objects.create(programme=programme, name="12 mois", starts=day(-100), ends=day(100))
    shown, hidden = survey_figures.collect_around(exercice)
    assert shown.content["title"] == "À chaud, atelier du 4 mars 2026"
    assert shown.content["questions"][0]["cells"] == [{"side": "", "label": "value", "lo": 5, "hi": 5, "of": 9}]
    assert (shown.participation.figure.lo, shown.participation.of) == (9, None)
    assert "13" not in json.dumps([(one.figure.lo, one.figure.hi, one.of) for one in shown.figures])
    assert {cell["label"] for one in hidden.content["questions"] for cell in one["cells"]} == {"withheld"}
    assert [wave.participation.stratum for wave in (shown, hidden)] == ["h260304", "h260304.2"]


def test_members_read_the_results_as_participants_do(programme):
    from evaluation.access import results_visible_to
    from evaluation.services import releases

    (person,) = members(programme, 1)
    exercice = Exercice.objects.create(programme=programme, name="12 mois", starts=day(-100), ends=day(-1))
    release = releases.share(release=releases.establish(exercice=exercice))
    assert list(results_visible_to(person)) == [release]
    assert not results_visible_to(make_person(programme.lead_employer)).exists()
