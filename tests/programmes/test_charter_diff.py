"""What changed in the charter: said word by word, to whoever accepted the version before."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.typography import french
from programmes import charter_diff
from programmes.charter_diff import ADDED, CHANGED, DELETED, INSERTED, KEPT, REMOVED
from programmes.enums import Side
from programmes.services import charter
from tests.builders import client_of, make_participation, referent_of
from tests.programmes.letter_world import make_framed_programme

OLD = [{"title": "Un", "text": "Chacun entre librement."}, {"title": "Deux", "text": "Même texte."}]


def test_articles_added_changed_and_removed_are_told_apart():
    new = [{"title": "Un", "text": "Chacun entre et sort librement."}, {"title": "Trois", "text": "Neuf."}]
    changes = charter_diff.compare(OLD, new)
    assert [(change.kind, change.title) for change in changes] == [
        (CHANGED, "Un"),
        (ADDED, "Trois"),
        (REMOVED, "Deux"),
    ]
    assert changes[0].parts == [(KEPT, "Chacun entre "), (INSERTED, "et sort "), (KEPT, "librement.")]
    assert charter_diff.compare(OLD, [*reversed(OLD)]) == [], "an order or a line break changes nothing"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Pas d’argent, pas de relation.", "Pas d’argent ; pas de lien, pas de relation."),
        ("", "Tout est neuf."),
        ("Tout part.", ""),
        ("a b c", "c b a"),
        ("Une ligne\n\nune autre", "Une ligne\nune autre, puis <script>"),
    ],
)
def test_each_text_can_be_read_back_from_the_two_in_one(old, new):
    parts = charter_diff.words(old, new)
    assert "".join(text for kind, text in parts if kind != DELETED) == new
    removed = "".join(text for kind, text in parts if kind != INSERTED)
    assert removed.split() == old.split()


@pytest.fixture
def programme(db):
    return make_framed_programme()


def new_version(programme, text):
    by = referent_of(programme)
    version = charter.draft(programme=programme, by=by)
    texts = [article["text"] for article in version.articles]
    charter.change(version=version, texts=[text, *texts[1:]], seen=version.version, by=by)
    charter.put_in_force(version=version, on=clock.today(programme.time_zone), seen=version.version, by=by)
    return version


def test_whoever_accepted_the_version_before_reads_what_changes_and_until_when(programme):
    helper = make_participation(programme, Side.HELPER)
    newcomer = make_participation(programme, Side.HELPED)
    charter.accept(participation=helper, by=helper.person)
    url = reverse("programmes:my_charter", args=[programme.slug])
    assert "Ce qui change" not in client_of(helper.person).get(url).content.decode()
    version = new_version(programme, "Tout à fait autre <b>chose</b>.")
    page = client_of(helper.person).get(url).content.decode()
    assert "Ce qui change depuis la version 1" in page and "<ins>" in page and "<del>" in page
    assert french("[ajouté : ") in page and french("[retiré : ") in page, "the marks are said, not only drawn"
    assert "&lt;b&gt;" in page and "<b>chose" not in page
    assert charter.grace_ends(version) == clock.today(programme.time_zone) + dt.timedelta(days=30)
    assert "vos binômes en cours continuent" in page
    assert "Ce qui change" not in client_of(newcomer.person).get(url).content.decode()


def test_the_referent_reads_the_changes_before_and_after_the_day_and_the_grace(programme):
    by, client = referent_of(programme), client_of(referent_of(programme))
    draft = charter.draft(programme=programme, by=by)
    texts = [article["text"] for article in draft.articles]
    charter.change(version=draft, texts=["Changé ainsi.", *texts[1:]], seen=draft.version, by=by)
    url = reverse("programmes:charter_version", args=[programme.slug, draft.ref])
    assert "Ce qui change depuis la version 1" in client.get(url).content.decode()
    charter.put_in_force(version=draft, on=clock.today(programme.time_zone), seen=draft.version, by=by)
    page = client.get(url).content.decode()
    assert "Ce qui change depuis la version 1" in page and page.count("<ins>") >= 1
    assert (
        "Délai de grâce jusqu’au" in client.get(reverse("programmes:charter", args=[programme.slug])).content.decode()
    )
