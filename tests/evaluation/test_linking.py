"""Departure and end linked by personal codes: offered where it may be published, then nothing is left of the links."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from evaluation import personal_code, retention, tables
from evaluation.disclosure.changes import DOWN, STEADY, UP
from evaluation.documents import ANNUAL, render_document
from evaluation.enums import Audience, Moment, WaveState
from evaluation.models import ClosedAnswer, LinkKey, OpenAnswer, Wave
from evaluation.services import answers, batches, closing, linking, releases, reports, survey_figures, waves
from portal.errors import DomainError
from programmes.models import Exercice
from tests.builders import client_of, referent_of
from tests.evaluation import sheets
from tests.evaluation.surveys import day, make_cycle, on, open_wave, pairs_of, tokens

pytestmark = pytest.mark.django_db
LARGE = 6  # pairs: twelve people, of whom seven may be expected twice with their code
END = 170


def departure(pairs=LARGE, linked=True):
    with on(0):
        return open_wave(make_cycle(pairs, starts=-10, ends=170), linked=linked)


def live(wave):
    """The pairs have lived, so that they are asked at the end."""
    for pair in pairs_of(wave.programme):
        pair.__class__.objects.filter(pk=pair.pk).update(state="closed", active_at=wave.opened_at)


def answered(wave, codes, values, *, at):
    """Each person answers; `codes` and `values` one a person, None for nothing."""
    with on(at):
        for token, code, value in zip(tokens(wave).values(), codes, values, strict=True):
            if value is not None:
                answers.submit(token=token, answers={"TC1": value}, code=code or "")


def closed(wave, at):
    with on(at):
        closing.close(wave=wave, by=None)
    return wave


def both(before, after, *, codes=None, later=None):
    """(departure, end) closed, twelve people answering `before` then `after`."""
    codes = codes or [personal_code.draw() for _ in before]
    first = departure()
    answered(first, codes, before, at=1)
    closed(first, 22)
    live(first)
    with on(END):
        last = open_wave(first.cycle, Moment.END)
    answered(last, later or codes, after, at=END + 1)
    return first, closed(last, END + 22)


def _figures(wave):
    return survey_figures._figures(wave, wave.opened_at.tzinfo, f"c{wave.cycle.number}.{wave.moment}")


def published(*waves_):
    """{code: strata} of what these waves publish."""
    found: dict[str, list[str]] = {}
    for wave in waves_:
        wave.refresh_from_db()
        for one in _figures(wave).figures:
            found.setdefault(one.code, []).append(one.stratum)
    return found


# --- Offered ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("pairs", "offered"), [(5, False), (6, True)])
def test_it_is_offered_where_linked_results_could_be_published(pairs, offered):
    with on(0):
        cycle = make_cycle(pairs)
        programme = cycle.programme
        url = reverse("evaluation:open_survey", args=[programme.slug, cycle.ref, "depart"])
        client = client_of(referent_of(programme))
        assert ('name="linked"' in client.get(url).text) == offered
        client.post(url, {"closes_on": f"{day(21)}", "linked": "on"})
    wave = Wave.objects.get()
    assert bool(wave.compared) == LinkKey.objects.exists() == offered


def test_the_service_refuses_what_the_page_does_not_offer():
    with pytest.raises(DomainError, match="Trop peu"):
        departure(pairs=5)
    assert not Wave.objects.exists(), "nothing was opened"


def test_what_is_compared_is_asked_at_both_moments():
    wave = departure()
    assert {"TC1", "TC6"} <= set(wave.compared)
    assert not {"TC7", "TC8"} & set(wave.compared)


# --- The page ---------------------------------------------------------------------------------------------------------
def page(wave):
    return reverse("evaluation:survey", args=[next(iter(tokens(wave).values()))])


def test_without_a_script_the_page_draws_a_code_that_nothing_keeps():
    wave = departure()
    with on(1):
        seen = {Client().get(page(wave)).context["form"]["code"].value() for _ in range(3)}
    assert len(seen) == 3 and all(personal_code.read(code) for code in seen)
    assert not OpenAnswer.objects.exists()


def test_a_survey_that_links_nothing_says_nothing_of_a_code():
    wave = departure(linked=False)
    with on(1):
        assert "code personnel" not in Client().get(page(wave)).text


@pytest.mark.parametrize("keeps", [True, False])
def test_the_mark_is_kept_only_when_the_person_says_so(keeps):
    wave = departure()
    code = personal_code.draw()
    with on(1):
        ticked = {"keeps": "on"} if keeps else {}
        reply = Client().post(page(wave), {"TC1": "4", "code": personal_code.grouped(code), **ticked})
    assert (personal_code.grouped(code) in reply.text) == keeps, "once more, on the copy of one's own answers"
    row = OpenAnswer.objects.get()
    text = row.payload.open(row.ref)
    assert (linking.MARK in json.loads(text)) == keeps
    assert code not in text and len(text) == 1024, "not the code, and the same length with or without"


def test_two_slips_at_the_end_are_told_and_nothing_typed_is_lost():
    codes = [personal_code.draw() for _ in range(12)]
    first = departure()
    answered(first, codes, ["4"] * 12, at=1)
    closed(first, 22)
    live(first)
    with on(END):
        last = open_wave(first.cycle, Moment.END)
        wrong = ("0" if codes[0][0] != "0" else "1") + ("0" if codes[0][1] != "0" else "1") + codes[0][2:]
        reply = Client().post(page(last), {"TC1": "5", "code": wrong})
        assert "plusieurs fautes de frappe" in reply.text and f'value="{wrong}"' in reply.text
        assert reply.context["form"]["TC1"].value() == "5"
        reply = Client().post(page(last), {"TC1": "5", "code": wrong[0] + codes[0][1:]})
        assert OpenAnswer.objects.exists(), "one slip is put right"
    row = OpenAnswer.objects.get()
    mark = json.loads(row.payload.open(row.ref))[linking.MARK]
    assert mark == linking.mark(last, codes[0])[linking.MARK]


def test_a_code_alone_is_no_answer():
    wave = departure()
    with on(1):
        reply = Client().post(page(wave), {"code": personal_code.draw(), "keeps": "on"})
    assert reply.status_code == 200 and not OpenAnswer.objects.exists()


# --- What is published ------------------------------------------------------------------------------------------------
def test_the_change_is_published_instead_of_the_two_results():
    first, last = both(["2"] * 12, ["4"] * 12)
    assert last.changes["TC1"] == {"n": 12, "way": UP}
    found = published(first, last)
    assert found["TC1"] == ["c1.change"], "once, and nowhere else"
    assert set(found["TC7"]) == {"c1.end"}, "what is asked once is published as ever"


@pytest.mark.parametrize(
    ("before", "after", "way"), [("3", "3", STEADY), ("4", "2", DOWN), ("2", "3", UP), ("3", None, None)]
)
def test_the_way_is_that_of_the_mean(before, after, way):
    _, last = both([before] * 12, [after] * 12)
    assert last.changes.get("TC1", {}).get("way") == way


def test_under_seven_linked_answers_both_results_come_back():
    codes = [personal_code.draw() for _ in range(12)]
    first, last = both(["2"] * 12, ["4"] * 12, codes=codes, later=[*codes[:6], *[None] * 6])
    assert last.changes == {}
    assert set(published(first, last)["TC1"]) == {"c1.t0", "c1.end"}


def test_seven_linked_answers_are_enough():
    codes = [personal_code.draw() for _ in range(12)]
    _, last = both(["2"] * 12, ["4"] * 12, codes=codes, later=[*codes[:7], *[None] * 5])
    assert last.changes["TC1"]["n"] == 7


def test_the_fall_back_reads_numbers_of_answers_never_answers():
    codes = [personal_code.draw() for _ in range(12)]
    later = [*codes[:7], *[None] * 5]
    decided = set()
    for before, after in ((["2"] * 12, ["4"] * 12), (["5"] * 12, ["1"] * 12), (["nsp"] * 12, ["3"] * 12)):
        _, last = both(before, after, codes=codes, later=later)
        decided.add(tuple(sorted(last.changes)))
        Wave.objects.all().delete()
        Exercice.objects.all().delete()
    assert len(decided) == 1


def test_the_departure_waits_for_the_end():
    first = departure()
    answered(first, [personal_code.draw() for _ in range(12)], ["4"] * 12, at=1)
    closed(first, 22)
    found = _figures(first)
    assert found.content["awaits"] and "TC1" not in published(first)
    assert published(first)["F01"], "how many answered is said at once"


def test_a_code_that_two_people_used_links_nobody():
    codes = [personal_code.draw() for _ in range(12)]
    codes[1] = codes[0]
    _, last = both(["2"] * 12, ["4"] * 12, codes=codes)
    assert last.changes["TC1"]["n"] == 10


def test_without_their_code_people_count_all_the_same():
    _, last = both(["2"] * 12, ["4"] * 12, later=[None] * 12)
    assert last.closed_answers.count() == 12


# --- Nothing is left --------------------------------------------------------------------------------------------------
def test_once_the_end_is_closed_nothing_links_two_answers():
    first, last = both(["2"] * 12, ["4"] * 12)
    assert not LinkKey.objects.exists()
    rows = ClosedAnswer.objects.all()
    assert rows.count() == 24
    texts = [row.payload.open(row.ref) for row in rows]
    assert not any(linking.MARK in json.loads(text) for text in texts)
    assert {len(text) for text in texts} == {1024}
    assert answers.of(first)[0]["answers"] == {"TC1": 2}
    assert linking.mark(last, personal_code.draw()) == {}


def test_the_order_of_answers_after_the_end_is_drawn_again():
    first = departure()
    answered(first, [personal_code.draw() for _ in range(12)], ["4"] * 12, at=1)
    closed(first, 22)
    before = set(ClosedAnswer.objects.values_list("ref", flat=True))
    live(first)
    with on(END):
        last = open_wave(first.cycle, Moment.END)
    closed(last, END + 22)
    assert before.isdisjoint(ClosedAnswer.objects.values_list("ref", flat=True))


# --- A departure that nothing closed -----------------------------------------------------------------------------------
def unmarked(*waves_):
    rows = ClosedAnswer.objects.filter(wave__in=waves_)
    return not any(linking.MARK in json.loads(row.payload.open(row.ref)) for row in rows)


def test_a_departure_whose_closing_was_missed_is_closed_with_the_end_and_compared():
    codes = [personal_code.draw() for _ in range(12)]
    first = departure()
    answered(first, codes, ["2"] * 12, at=1)
    live(first)
    with on(END):
        last = open_wave(first.cycle, Moment.END)
    answered(last, codes, ["4"] * 12, at=END + 1)
    closed(last, END + 22)
    first.refresh_from_db()
    assert first.state == WaveState.CLOSED and not first.key
    assert last.changes["TC1"] == {"n": 12, "way": UP}
    assert published(first, last)["TC1"] == ["c1.change"]
    assert not LinkKey.objects.exists() and not OpenAnswer.objects.exists() and unmarked(first, last)
    with on(END + 23), pytest.raises(DomainError, match="déjà close"):
        closing.close(wave=first, by=None)


def test_a_departure_not_over_when_the_end_closes_is_not_compared_and_loses_its_marks():
    """No page allows these dates; the database alone would."""
    with on(0):
        cycle = make_cycle(LARGE)
        batch = batches.batch(cycle, Moment.T0)
        asked = {"cycle": cycle, "people": batch.sides, "pairs": LARGE}
        first = waves.start(moment=Moment.T0, closes_on=day(END + 60), linked=True, **asked)
    codes = [personal_code.draw() for _ in range(12)]
    answered(first, codes, [*["2"] * 11, None], at=1)
    with on(END):
        last = waves.start(moment=Moment.END, closes_on=day(END + 21), **asked)
    answered(last, codes, ["4"] * 12, at=END + 1)
    closed(last, END + 22)
    first.refresh_from_db()
    assert first.state == WaveState.OPEN and last.changes == {} and not LinkKey.objects.exists()
    with on(END + 30):
        link = list(tokens(first).values())[11]
        answers.submit(token=link, answers={"TC1": "2"}, code=codes[11])
    closed(first, END + 61)
    assert first.closed_answers.count() == 12 and unmarked(first, last)
    assert set(published(first, last)["TC1"]) == {"c1.t0", "c1.end"}


def test_marks_of_two_cycles_have_nothing_in_common():
    first = departure()
    code = personal_code.draw()
    one = linking.mark(first, code)
    LinkKey.objects.all().delete()
    LinkKey.objects.create(cycle=first.cycle, key="another")
    assert linking.mark(first, code) != one and one


def test_when_no_end_comes_the_departure_is_published_and_the_key_goes():
    first = departure()
    answered(first, [personal_code.draw() for _ in range(12)], ["4"] * 12, at=1)
    closed(first, 22)
    with on(170 + batches.AFTER_CYCLE_DAYS - 20):
        assert retention.links() == 0
    with on(170 + batches.AFTER_CYCLE_DAYS + 1):
        assert retention.links() == 1
    assert not LinkKey.objects.exists() and published(first)["TC1"] == ["c1.t0"]
    assert not any(linking.MARK in json.loads(row.payload.open(row.ref)) for row in ClosedAnswer.objects.all())


def test_an_end_wave_still_open_keeps_its_key():
    first = departure()
    closed(first, 22)
    live(first)
    with on(END + 110):
        open_wave(first.cycle, Moment.END, days=40)
    with on(END + 140):
        assert retention.links() == 0
    assert Wave.objects.get(moment=Moment.END).state == WaveState.OPEN


def test_the_report_says_which_way_each_question_moved():
    first, _ = both(["2"] * 12, ["4"] * 12)
    programme = first.programme
    programme.exercices.all().delete()
    exercice = Exercice.objects.create(programme=programme, name="2026", starts=day(-62), ends=day(303))
    with on(310):
        release = releases.establish(exercice=exercice)
        rendered = render_document(ANNUAL, reports.content_of(release, Audience.HR))
    words = next(item["text"] for item in first.questionnaire.items if item["code"] == "TC1")
    rows = [row for table in sheets.page_tables(rendered.shell).values() for row in table if row[0] == words]
    assert [row[1:] for row in rows] == [["en hausse", "12"]]
    cells = [row for row in sheets.workbook(tables.as_ods(rendered.document))["Enquêtes"] if row["Code"] == "TC1"]
    assert [(row["Résultat"], row["Au moins"], row["Sur"]) for row in cells] == [("en hausse", "en hausse", 12)]


def test_a_report_before_the_end_says_that_the_departure_waits():
    first = departure()
    answered(first, [personal_code.draw() for _ in range(12)], ["4"] * 12, at=1)
    closed(first, 22)
    first.programme.exercices.all().delete()
    exercice = Exercice.objects.create(programme=first.programme, name="2026", starts=day(-62), ends=day(60))
    with on(70):
        release = releases.establish(exercice=exercice)
        shell = render_document(ANNUAL, reports.content_of(release, Audience.HR)).shell
    assert "elles paraîtront ensemble" in shell and "réponses à l’enquête au départ" not in shell
