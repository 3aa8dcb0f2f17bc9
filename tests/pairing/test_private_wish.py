"""The attack first: two worlds that differ only by a private wish, through the référent's real pages (decision 15).

The référent may read one word more beside a person who waits; nothing else may differ: no count, no order, no hash that
follows, no reason, no error of a hand move, no log.
"""

import html
import logging
import re

import pytest
from django.test import TestCase
from django.urls import reverse

from pairing import run_words as words
from pairing.models import Run
from pairing.services import bench
from pairing.services.rules import REFUSAL
from portal import clock
from portal.models import JournalEntry
from programmes.enums import Side
from tests.builders import client_of, make_participation
from tests.pairing.run_world import avoid_person, build

pytestmark = pytest.mark.django_db
REFS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")
NUMBERS = re.compile(
    r'(value="\d+"|(?:Nom|Agent|programme-|Équipe |employeur-)\d+|name="csrfmiddlewaretoken" value="[^"]+")', re.I
)


def seen(text: str) -> str:
    """A page without what differs between any two runs: references, hashes, tokens, the numbers of the builders."""
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html.unescape(text))
    text = re.sub(r"(<dt>Graine</dt><dd>)\d+", r"\1", REFS.sub("·", text))
    return NUMBERS.sub("#", text)


class TwoWorlds(TestCase):
    def setUp(self):
        self.enterContext(clock.at(clock.now()))  # both worlds are read in the same minute
        self.plain, self.wished = build(), build()
        for world in (self.plain, self.wished):
            self.others(world)
        avoid_person(self.wished.louison, self.wished.lou)

    def others(self, world) -> None:
        """Nobody else has a place."""

    def pages(self, world) -> dict[str, str]:
        """Everything the référent can open or try about a run, in one go."""
        client, slug = client_of(world.referent), world.programme.slug
        run = world.launch()
        found = {}

        def read(name: str, *args) -> None:
            found[f"{name}{len(found)}"] = client.get(reverse(name, args=[slug, *args])).content.decode()

        read("pairing:runs")
        read("pairing:run", run.ref)
        read("pairing:publish", run.ref)
        again = bench.replay(run=run, by=world.referent)
        read("pairing:run", again.ref)
        found["compare"] = client.get(
            reverse("pairing:compare", args=[slug, run.ref]), {"avec": str(again.ref)}
        ).content.decode()
        # Louison on Lou, whose only place Camille has; both are refused in the same words.
        page = client.post(
            reverse("pairing:put_together", args=[slug, run.ref]),
            {"one": world.louison.pk, "other": world.lou.pk},
            follow=True,
        )
        found["moved"] = page.content.decode()
        page = client.post(reverse("pairing:act", args=[slug, run.ref]), {"geste": "relancer"}, follow=True)
        found["relaunched"] = page.content.decode()
        client.post(reverse("pairing:publish", args=[slug, run.ref]))
        read("pairing:run", run.ref)
        read("programmes:home")
        read("pairing:pairs")
        return found

    def test_the_referent_sees_no_difference_but_the_one_word(self):
        one, other = self.pages(self.plain), self.pages(self.wished)
        assert any(words.INCOMPATIBLE in html.unescape(text).lower() for text in other.values())
        for name, text in one.items():
            mine, theirs = seen(text), seen(other[name])
            theirs = theirs.replace(words.INCOMPATIBLE.capitalize(), words.NO_PLACE_YET.capitalize())
            assert mine == theirs, name
        assert REFUSAL in html.unescape(one["moved"]) and REFUSAL in html.unescape(other["moved"])

    def test_nor_in_the_journal_nor_in_our_logs(self):
        with self.assertLogs(level=logging.DEBUG) as logs:
            logging.getLogger("here").debug("started")
            entries = []
            for world in (self.plain, self.wished):
                before = list(JournalEntry.objects.values_list("pk", flat=True))
                self.pages(world)
                new = JournalEntry.objects.exclude(pk__in=before).values_list("verb", "label", "count")
                entries.append(sorted(new))
        assert entries[0] == entries[1]
        said = " ".join(logs.output).lower()
        assert not any(word in said for word in ("avoid", "éviter", "incompat", "exclu", "louison"))

    def test_what_is_stored_in_clear_differs_by_the_one_code_alone(self):
        facts = []
        for world in (self.plain, self.wished):
            run = world.launch()
            causes = [row.causes for row in run.unpaired.order_by("participation__person__given")]
            facts.append((run.certificate, [row.parts for row in run.candidates.all()], causes))
        (one, parts, mine), (other, others, theirs) = facts
        assert one == other and parts == others
        assert [row[0]["cause"] for row in mine] == ["channel", "taken"]
        assert [row[0]["cause"] for row in theirs] == ["channel", "incompatible"]
        assert [row[0] | {"cause": ""} for row in mine] == [row[0] | {"cause": ""} for row in theirs]

    def test_two_hashes_tell_nothing(self):
        """The same input twice gives two hashes: a change of hash is no sign of a wish."""
        runs = [self.plain.launch() for _ in range(2)]
        assert len({run.input_sha256 for run in runs}) == 2
        assert Run.objects.count() == 2


class TwoWorldsWithOtherPlaces(TwoWorlds):
    """Lou is not alone: places are left, at other hours. The cause must not become « no place at the same hours »."""

    def others(self, world) -> None:
        make_participation(world.programme, Side.HELPER, channels=["in_person"], slots=0b1000000, places=2)
