"""Places in training: who may take one, the last one, giving it back, reminders, the diary, one's own presence."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.models import Pair
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import Affiliation, OutgoingMail, Person
from portal.services import mail, news
from programmes.criteria import managers_informed
from programmes.enums import Decision, Presence, ProgrammeRoleKind, SessionState, Side, TrainingPublic
from programmes.models import TrainingModule, TrainingSession
from programmes.services import agenda, rollout, training, training_places
from programmes.services import participation as participations
from programmes.training_hooks import cards, todo
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
FORBIDDEN = ("santé", "aidant", "handicap", "secours", "entraide", "aidé")


def plan(programme, *, days=10, codes=("M1",), invited=(), **options) -> TrainingSession:
    return training.plan_session(
        programme=programme,
        modules=list(TrainingModule.objects.filter(pk__in=codes)),
        on=clock.today(programme.time_zone) + dt.timedelta(days=days),
        invited=list(invited),
        by=referent_of(programme),
        **{"places": 2, **options},
    )


def presences(session) -> dict:
    return {row.person.given: row.presence for row in session.attendances.select_related("participation__person")}


def helpers(programme, *given):
    return [
        make_participation(programme, Side.HELPER, make_person(programme.lead_employer, name)).person for name in given
    ]


# --- For whom -----------------------------------------------------------------------------------------------------------
def test_each_public_registers_for_what_is_theirs_and_for_nothing_else():
    programme, other = make_programme(), make_programme()
    employer, referent = programme.lead_employer, referent_of(programme)
    boss = make_person(employer)
    helper = make_participation(programme, Side.HELPER).person
    helped = make_participation(programme, Side.HELPED).person
    people = {
        "helper": helper,
        "helped": helped,
        "asking": make_participation(programme, Side.HELPER, accepted=False).person,
        "referent": referent,
        "referee": make_person(employer),
        "manager": boss,
        "colleague": make_person(employer),
        "elsewhere": make_participation(other, Side.HELPER).person,
    }
    rollout.grant(programme=programme, person=people["referee"], role=ProgrammeRoleKind.PAIR_REFEREE, by=referent)
    Affiliation.objects.filter(person=people["colleague"]).update(manager=boss)
    allowed = {
        TrainingPublic.PARTICIPANTS: {"helper"},
        TrainingPublic.EVERYBODY: {"helper", "helped"},
        TrainingPublic.TEAM: {"referent", "referee"},
        TrainingPublic.MANAGERS: {"manager"},
    }
    for public, who in allowed.items():
        session = plan(programme, public=public, places=10)
        for name, person in people.items():
            client, url = client_of(person), reverse("programmes:register_training", args=[session.ref])
            assert client.post(url).status_code == (302 if name in who else 404), (public, name)
            if name not in who:
                with pytest.raises(DomainError):
                    training_places.register(session=session, by=person)
        session.refresh_from_db()
        assert {row.person for row in session.attendances.all()} == {people[name] for name in who}
        assert session.taken == len(who)


def test_a_session_by_invitation_offers_no_place():
    programme = make_programme()
    invited, other = helpers(programme, "Ana", "Bo")
    session = plan(programme, places=None, invited=[invited.participations.get()])
    assert not training_places.open_to(other).exists()
    assert client_of(other).post(reverse("programmes:register_training", args=[session.ref])).status_code == 404
    assert presences(session) == {"Ana": "expected"}


def test_managers_and_the_team_are_never_invited_by_name_and_counted_by_category():
    programme = make_programme()
    helper, by = make_participation(programme, Side.HELPER), referent_of(programme)
    with pytest.raises(DomainError, match="pas pour les personnes"):
        plan(programme, public=TrainingPublic.MANAGERS, invited=[helper], codes=["X2"])
    session = plan(programme, public=TrainingPublic.MANAGERS, days=0, codes=["X2"], places=None)
    assert session.minutes == 90
    assert not managers_informed(programme).met, "planned is not held"
    client = client_of(by)
    url = reverse("programmes:training_counts", args=[programme.slug, session.ref])
    client.post(url, {"managers": "12", "hr": "2", "agents": ""})
    client.post(url, {"managers": "11", "hr": "2"})
    session.refresh_from_db()
    assert session.state == SessionState.HELD
    assert {row.audience: row.people for row in session.counts.all()} == {"managers": 11, "hr": 2}
    assert managers_informed(programme).said == "séance tenue"
    client.post(url, {"managers": "-4"})
    assert session.counts.get(audience="managers").people == 11
    with pytest.raises(DomainError, match="feuille"):
        training.record_counts(session=plan(programme, days=0), people={"managers": 3}, by=by)
    with pytest.raises(DomainError, match="pas encore"):
        training.record_counts(session=plan(programme, public=TrainingPublic.TEAM), people={"agents": 3}, by=by)


# --- The last place -----------------------------------------------------------------------------------------------------
def test_the_last_place_goes_once_and_the_next_person_is_kindly_on_the_list():
    programme = make_programme()
    ana, bo, chloe = helpers(programme, "Ana", "Bo", "Chloé")
    session = plan(programme, invited=[ana.participations.get()])
    url = reverse("programmes:register_training", args=[session.ref])
    assert "Vous êtes inscrit" in client_of(bo).post(url, follow=True).content.decode()
    answer = client_of(chloe).post(url, follow=True).content.decode()
    assert "La dernière place vient d’être prise. Vous êtes sur la liste d’intérêt" in answer
    assert presences(session) == {"Ana": "expected", "Bo": "expected", "Chloé": "waiting"}
    assert training_places.register(session=session, by=chloe) == Presence.WAITING
    session.refresh_from_db()
    assert session.taken == session.places == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSession.objects.filter(pk=session.pk).update(taken=3)


def test_a_place_given_back_is_told_to_those_who_wished_for_one_and_taken_once():
    programme = make_programme()
    ana, bo, chloe, dan = helpers(programme, "Ana", "Bo", "Chloé", "Dan")
    session = plan(programme, places=1)
    for person in (ana, bo, chloe, dan):
        training_places.register(session=session, by=person)
    training_places.give_back(session=session, by=dan)
    client_of(ana).post(reverse("programmes:give_back_training", args=[session.ref]))
    told = OutgoingMail.objects.filter(kind=training_places.PLACE_MAIL)
    assert {row.person for row in told} == {bo, chloe}
    for row in told:
        text = " ".join(mail.render(row)).lower()
        assert not any(word in text for word in FORBIDDEN) and "ana" not in text.split()
    assert training_places.register(session=session, by=chloe) == Presence.EXPECTED
    assert training_places.register(session=session, by=bo) == Presence.WAITING
    assert presences(session) == {"Bo": "waiting", "Chloé": "expected"}


def test_nobody_takes_or_gives_back_for_another_person_nor_once_the_day_has_passed():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, days=1)
    training_places.register(session=session, by=ana)
    assert client_of(bo).post(reverse("programmes:give_back_training", args=[session.ref])).status_code == 404
    assert client_of(bo).get(reverse("programmes:training_diary", args=[session.ref])).status_code == 404
    with clock.at(clock.now() + dt.timedelta(days=3)):
        for act in (training_places.register, training_places.give_back):
            with pytest.raises(DomainError, match="déjà eu lieu"):
                act(session=session, by=ana)
    training.cancel(session=session, by=referent_of(programme))
    session.refresh_from_db()
    with pytest.raises(DomainError, match="n’a plus lieu"):
        training_places.register(session=session, by=bo)


def test_whoever_leaves_the_programme_frees_their_place():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, places=1)
    for person in (ana, bo):
        training_places.register(session=session, by=person)
    participations.withdraw(participation=ana.participations.get(), by=ana)
    session.refresh_from_db()
    assert (session.taken, presences(session)) == (0, {"Bo": "waiting"})
    assert OutgoingMail.objects.filter(kind=training_places.PLACE_MAIL, person=bo).exists()


def test_more_invitations_than_places_or_none_at_all_is_refused():
    programme = make_programme()
    parts = [person.participations.get() for person in helpers(programme, "Ana", "Bo")]
    with pytest.raises(DomainError, match="plus de personnes invitées"):
        plan(programme, places=1, invited=parts)
    with pytest.raises(DomainError, match="Invitez"):
        plan(programme, places=None)
    assert not TrainingSession.objects.exists()


# --- One's own presence (decision 17) -----------------------------------------------------------------------------------
def test_a_referent_who_takes_part_never_marks_their_own_presence_and_the_deputy_marks_that_alone():
    programme = make_programme(forms=["reciprocal"])
    referent, deputy = referent_of(programme), make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
    own = make_participation(programme, Side.PEER, referent, accepted=False)
    participations.answer(participation=own, move="accept", by=deputy)
    own.refresh_from_db()
    peer = make_participation(programme, Side.PEER, make_person(programme.lead_employer, "Paula"))
    session = plan(programme, days=0, codes=["M3", "M4", "M6"], places=None, invited=[own, peer])
    both = dict.fromkeys((own, peer), Presence.PRESENT)
    with pytest.raises(Refused, match="propre présence"):
        training.record_attendance(session=session, presences=both, by=referent)
    with pytest.raises(DomainError, match="ne correspond plus"):
        training.record_attendance(session=session, presences=both, by=deputy)
    url = reverse("programmes:training_session", args=[programme.slug, session.ref])
    fields = {row.participation: f"p{row.pk}" for row in session.attendances.all()}
    page = client_of(referent).get(url).content.decode()
    assert fields[peer] in page and fields[own] not in page and "notée par quelqu’un d’autre" in page
    client_of(referent).post(url, dict.fromkeys(fields.values(), "present"))
    assert training.cleared(peer) and not training.cleared(own)
    seen = client_of(deputy).get(url).content.decode()
    assert "Paula" not in seen and fields[own] in seen
    client_of(deputy).post(url, {fields[own]: "present"})
    assert training.cleared(own)


def test_the_deputy_opens_no_session_where_no_referent_takes_part():
    programme = make_programme()
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    session = plan(programme, days=0, places=None, invited=[make_participation(programme, Side.HELPER)])
    for name in ("training_session", "training_sheet"):
        url = reverse(f"programmes:{name}", args=[programme.slug, session.ref])
        assert client_of(deputy).get(url).status_code == 404


# --- Reminder, diary, sheet ----------------------------------------------------------------------------------------------
def test_one_neutral_reminder_three_days_before_and_never_two():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, days=10, places=1)
    for person in (ana, bo):
        training_places.register(session=session, by=person)
    reminders = OutgoingMail.objects.filter(kind=training.MAIL, key__contains=":reminder:")
    training_places.remind()
    assert not reminders.exists()
    for days in (7.5, 8, 9):
        with clock.at(clock.now() + dt.timedelta(days=days)):
            training_places.remind()
    assert [row.person for row in reminders] == [ana], "whoever waits for a place is not reminded"
    subject, body = mail.render(reminders.get())
    assert not any(word in f"{subject} {body}".lower() for word in FORBIDDEN)


def test_somebody_without_address_is_reminded_and_told_of_a_place_on_paper():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, days=10, places=1)
    for person in (ana, bo):
        training_places.register(session=session, by=person)
    Person.objects.filter(pk__in=[ana.pk, bo.pk]).update(user=None)
    with clock.at(clock.now() + dt.timedelta(days=8)):
        training_places.remind()
        training_places.give_back(session=session, by=ana)
        for person, kind in ((ana, training.MAIL), (bo, training_places.PLACE_MAIL)):
            person.refresh_from_db()
            assert kind in [row.kind for row in news.on_paper(person)]
    assert not OutgoingMail.objects.filter(
        person__in=[ana, bo], state="queued", kind=training_places.PLACE_MAIL
    ).exists()


def test_a_session_announced_today_for_tomorrow_is_announced_once():
    programme = make_programme()
    helper = make_participation(programme, Side.HELPER)
    plan(programme, days=1, places=None, invited=[helper])
    training_places.remind()
    assert OutgoingMail.objects.filter(kind=training.MAIL, person=helper.person).count() == 1


def test_a_session_put_off_keeps_places_tells_once_and_reminds_of_the_new_day():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, days=10, places=1)
    for person in (ana, bo):
        training_places.register(session=session, by=person)
    client, day = client_of(referent_of(programme)), session.on + dt.timedelta(days=20)
    url = reverse("programmes:put_off_training", args=[programme.slug, session.ref])
    seen = client.get(url).context["form"]["seen"].value()
    typed = {"seen": seen, "on": day.isoformat(), "at": "09:30", "place": "Salle 4"}
    before = OutgoingMail.objects.filter(person=ana).count()
    assert client.post(url, typed).status_code == 302
    session.refresh_from_db()
    assert (session.on, session.at, session.place, session.taken) == (day, dt.time(9, 30), "Salle 4", 1)
    assert OutgoingMail.objects.filter(person=ana).count() == before + 1
    late = client.post(url, {**typed, "place": "Salle 5"})
    assert late.status_code == 200 and late.context["form"].errors, "somebody moved it meanwhile"
    assert late.context["form"]["place"].value() == "Salle 5"
    with clock.at(clock.now() + dt.timedelta(days=28)):
        assert training_places.remind() == 1


@pytest.mark.parametrize("days", [-1, -400])
def test_a_session_is_not_put_off_to_the_past_nor_once_it_is_over(days):
    programme = make_programme()
    session, by = plan(programme, days=3, places=1), referent_of(programme)
    day = clock.today(programme.time_zone) + dt.timedelta(days=days)
    rest = {"at": None, "place": "", "seen": session.version, "by": by}
    with pytest.raises(DomainError):
        training.put_off(session=session, on=day, **rest)
    with clock.at(clock.now() + dt.timedelta(days=4)), pytest.raises(DomainError):
        training.put_off(session=session, on=clock.today(programme.time_zone), **rest)
    training.cancel(session=session, by=by)
    session.refresh_from_db()
    with pytest.raises(DomainError):
        training.put_off(session=session, on=session.on, **rest)


def test_the_diary_says_a_day_an_hour_and_nothing_else():
    programme = make_programme()
    [ana] = helpers(programme, "Ana")
    session = plan(programme, at=dt.time(9, 30), place="Salle des aidants", codes=["M7"])
    training_places.register(session=session, by=ana)
    response = client_of(ana).get(reverse("programmes:training_diary", args=[session.ref]))
    assert response.headers["Content-Disposition"] == f'attachment; filename="seance-{session.on}.ics"'
    text = response.content.decode()
    local = dt.datetime.combine(session.on, session.at, tzinfo=clock.ZoneInfo(programme.time_zone))
    assert f"DTSTART:{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}" in text and "DURATION:PT14H" in text
    assert "SUMMARY:Résonance : séance" in text
    for word in (*FORBIDDEN, "salle", "ana"):
        assert word not in text.lower().replace("resonance", ""), word
    # The team's own calendar says the same words.
    day = clock.today(programme.time_zone)
    events = [
        e for e in agenda.gather(agenda.CALENDAR, programme, day, day + dt.timedelta(days=30)) if "train" in e.key
    ]
    assert [(event.neutral, event.minutes) for event in events] == [("séance", 14 * 60)]


def test_the_printed_sheet_has_a_neutral_title_and_the_names():
    programme = make_programme()
    ana, bo = helpers(programme, "Ana", "Bo")
    session = plan(programme, places=1, codes=["M7"])
    for person in (ana, bo):
        training_places.register(session=session, by=person)
    url = reverse("programmes:training_sheet", args=[programme.slug, session.ref])
    page = client_of(referent_of(programme)).get(url).content.decode()
    main = page[page.index("<h1") : page.index("</main>")]
    assert ana.full_name in main and bo.full_name not in main
    for word in ("santé", "handicap", "aidant", "secours", "M7"):
        assert word not in main
    assert client_of(ana).get(url).status_code == 404


# --- Refreshers (field R21) ---------------------------------------------------------------------------------------------
def test_a_refresher_has_a_target_date_and_a_late_one_stops_no_pair():
    programme = make_programme()
    pair = make_pair(programme)
    helper = pair.members.get(part="helper").participation
    by = referent_of(programme)
    decided = clock.today(programme.time_zone)
    assert training.refresher_due([helper]) == {helper.pk: decided + dt.timedelta(days=365)}
    assert not [item for item in todo(by, programme) if "Mise à jour" in item.sentence]
    with clock.at(clock.now() + dt.timedelta(days=400)):
        assert [item.sentence for item in todo(by, programme) if "Mise à jour" in item.sentence] == [
            "Mise à jour annuelle à proposer : 1 personne"
        ]
        assert training.cleared(helper)
        assert Pair.objects.get(pk=pair.pk).state == "active"
        page = client_of(helper.person).get(reverse("programmes:my_training")).content.decode()
        assert "mise à jour visée" in page and "retard" not in page
        session = plan(programme, days=0, codes=["R"], places=None, invited=[helper])
        training.record_attendance(session=session, presences={helper: Presence.PRESENT}, by=by)
        assert training.refresher_due([helper])[helper.pk] == session.on + dt.timedelta(days=365)
        assert not [item for item in todo(by, programme) if "Mise à jour" in item.sentence]


# --- The talk of three --------------------------------------------------------------------------------------------------
def test_the_talk_is_a_day_and_no_word():
    programme = make_programme()
    helper, by = make_participation(programme, Side.HELPER), referent_of(programme)
    day = clock.today(programme.time_zone)
    with pytest.raises(DomainError, match="avant la décision"):
        training.decide(participation=helper, decision=Decision.OTHER, by=by, talk_on=day + dt.timedelta(days=1))
    url = reverse("programmes:decide_readiness", args=[programme.slug, helper.ref])
    client_of(by).post(url, {"decision": "reinforced", "talk_on": day.isoformat()})
    assert helper.readiness.talk_on == day
    page = client_of(by).get(url).content.decode()
    assert "<textarea" not in page and "Entretien à trois" in page
    assert client_of(helper.person).get("/mes-donnees/").content.decode().count("entretien le") == 1


# --- The agent's pages ----------------------------------------------------------------------------------------------------
def test_the_home_card_says_what_comes_first():
    programme = make_programme()
    [ana] = helpers(programme, "Ana")
    assert cards(ana) == []
    session = plan(programme)
    assert [card.text for card in cards(ana)] == ["Une séance est ouverte à l’inscription."]
    training_places.register(session=session, by=ana)
    assert [card.title for card in cards(ana)] == ["Ma prochaine formation"]


def test_my_page_costs_the_same_with_one_session_and_with_three():
    programme = make_programme()
    [ana] = helpers(programme, "Ana")
    client = client_of(ana)

    def read() -> None:
        assert client.get(reverse("programmes:my_training")).status_code == 200

    def more() -> None:
        training_places.register(session=plan(programme), by=ana)
        plan(programme)

    assert_same_queries(read, more)
