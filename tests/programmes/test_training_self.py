"""« Mes repères » belong to one person; the attestation as a PDF says a neutral title, hours and dates."""

import re

import pytest
from django.urls import reverse

from portal.errors import DomainError, Refused
from portal.jobs import work
from portal.models import Job, JournalEntry, OutgoingMail, StoredDocument
from portal.services import my_data
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import SelfPositioning
from programmes.services import erasure, rollout, training_certificates, training_self
from programmes.services import participation as participations
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of, train
from tests.programmes.letter_world import HEALTH_WORDS

pytestmark = pytest.mark.django_db
WORD = "à l’aise"


def page(part, moment="avant") -> str:
    return reverse("programmes:positioning", args=[part.ref, moment])


@pytest.fixture
def helper():
    return make_participation(make_programme(), Side.HELPER)


# --- Mine alone ---------------------------------------------------------------------------------------------------------
def test_nobody_else_reads_writes_or_erases_them(helper):
    programme = helper.programme
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    client_of(helper.person).post(page(helper), {"listening": "5", "limits": "2"})
    readers = {
        "referent": referent_of(programme),
        "deputy": deputy,
        "hr": make_person(programme.lead_employer, roles=("hr_signatory",)),
        "admin": make_person(programme.lead_employer, roles=("administrator",)),
        "helper": make_participation(programme, Side.HELPER).person,
    }
    erase = reverse("programmes:erase_positioning", args=[helper.ref])
    for name, reader in readers.items():
        client = client_of(reader)
        assert client.get(page(helper)).status_code == 404, name
        assert client.post(page(helper), {"listening": "1"}).status_code == 404, name
        assert client.post(erase).status_code == 404, name
        with pytest.raises(Refused):
            training_self.keep(participation=helper, moment="before", levels={"listening": 1}, by=reader)
        with pytest.raises(Refused):
            training_self.erase(participation=helper, by=reader)
    assert training_self.read(helper) == {"before": {"listening": 5, "limits": 2}}
    team = client_of(readers["referent"])
    for name, args in (
        ("participation", [programme.slug, helper.ref]),
        ("training", [programme.slug]),
        ("decide_readiness", [programme.slug, helper.ref]),
    ):
        text = team.get(reverse(f"programmes:{name}", args=args)).content.decode()
        assert WORD not in text and "repère" not in text, name


def test_the_answers_are_sealed_and_leave_no_line_nor_mail(helper):
    before = JournalEntry.objects.count(), OutgoingMail.objects.count()
    training_self.keep(participation=helper, moment="before", levels={"story": 4}, by=helper.person)
    stored = SelfPositioning.objects.values_list("levels", flat=True).get()
    assert "story" not in stored.token and str(stored) == "•••"
    assert (JournalEntry.objects.count(), OutgoingMail.objects.count()) == before


def test_before_and_after_stand_side_by_side_and_may_change_or_go(helper):
    client = client_of(helper.person)
    client.post(page(helper), {"listening": "1"})
    client.post(page(helper), {"listening": "2"})
    client.post(page(helper, "apres"), {"listening": "5"})
    assert training_self.read(helper) == {"before": {"listening": 2}, "after": {"listening": 5}}
    text = client.get(page(helper, "apres")).content.decode()
    row = text[text.index("Écouter activement") :]
    assert re.findall(r"<td>(.*?)</td>", row)[:2] == ["un peu", WORD]
    assert "moyenne" not in text.replace("Ni note, ni moyenne, ni comparaison", "")
    client.post(reverse("programmes:erase_positioning", args=[helper.ref]))
    assert not SelfPositioning.objects.exists()


def test_an_empty_or_a_foreign_answer_is_refused_and_loses_nothing(helper):
    client = client_of(helper.person)
    assert "Cochez au moins un repère" in client.post(page(helper), {}).content.decode()
    assert client.post(page(helper), {"listening": "9"}).status_code == 200
    with pytest.raises(DomainError):
        training_self.keep(participation=helper, moment="before", levels={"listening": 6}, by=helper.person)
    with pytest.raises(DomainError):
        training_self.keep(participation=helper, moment="before", levels={"mood": 1}, by=helper.person)
    assert client.get(page(helper, "pendant")).status_code == 404
    helped = make_participation(helper.programme, Side.HELPED)
    assert client_of(helped.person).get(page(helped)).status_code == 404


def test_they_are_taken_away_in_one_s_own_file_and_go_with_the_person(helper):
    training_self.keep(participation=helper, moment="after", levels={"relay": 3}, by=helper.person)
    assert my_data.export(person=helper.person)["donnees"]["programmes.SelfPositioning"][0]["levels"] == "relay=3"
    participations.withdraw(participation=helper, by=helper.person)
    assert not SelfPositioning.objects.exists(), "withdrawing erases what the person had written"


def test_erasure_leaves_none(helper):
    training_self.keep(participation=helper, moment="after", levels={"relay": 3}, by=helper.person)
    erasure.detach(participation=helper)
    assert not SelfPositioning.objects.exists()


# --- The attestation as a PDF ----------------------------------------------------------------------------------------------
def test_the_pdf_says_what_the_page_says_and_is_its_owner_s_alone(helper, monkeypatch):
    shells: list[str] = []
    monkeypatch.setattr(training_certificates, "render_pdf", lambda html: shells.append(html) or b"%PDF-1.7")
    url = reverse("programmes:certificate", args=[helper.ref])
    client = client_of(helper.person)
    client.post(url)
    mine = StoredDocument.objects.filter(kind=training_certificates.KIND)
    assert not mine.exists(), "nothing to attest yet"
    train(helper.programme, [helper])
    answer = client.post(url)
    document = mine.get()
    assert answer.headers["Location"] == reverse("programmes:time_certificate", args=[document.ref])
    job = Job.objects.get(object_ref=document.ref)
    if job.state != "done":
        work(job)
    [shell] = shells
    text = re.sub(r"<[^>]+>", " ", shell)
    for words in ("Entraide professionnelle entre agents", helper.person.full_name, "7\N{NO-BREAK SPACE}h"):
        assert words in text
        assert words in client.get(url).content.decode()
    assert not HEALTH_WORDS.findall(text), HEALTH_WORDS.findall(text)
    assert referent_of(helper.programme).family not in text
    assert document.filename.startswith("attestation-")
    file = reverse("programmes:time_certificate_file", args=[document.ref])
    assert client.get(file).content == b"%PDF-1.7"
    for reader in (referent_of(helper.programme), make_participation(helper.programme, Side.HELPER).person):
        assert client_of(reader).get(file).status_code == 404
        assert client_of(reader).post(url).status_code == 404
    assert document.label not in client.get(reverse("programmes:my_time")).content.decode()
    client.post(reverse("programmes:time_certificate_erase", args=[document.ref]))
    assert not mine.exists() and not Job.objects.filter(kind=training_certificates.KIND).exists()
