"""Events of a fictional employer that make up its framing: sheet, objectives, plans, maturity, public criteria."""

import datetime as dt
from collections.abc import Callable

from portal.models import Person
from programmes import maturity
from programmes.models import Programme
from programmes.services import framing, settings


class FramingStory:
    """Used by Story, which gives the people, the programme and the simulated day."""

    referent: Person
    programme: Programme

    date: Callable[[int], dt.date]

    def do_framing(self, difficulties: str, strengths: str, stakes: str) -> None:
        framing.save_sheet(
            programme=self.programme,
            seen=framing.sheet_of(self.programme).version,
            difficulties=difficulties,
            strengths=strengths,
            stakes=stakes,
            by=self.referent,
        )

    def do_objective(self, text: str, measure: str) -> None:
        framing.add_objective(programme=self.programme, text=text, measure=measure, by=self.referent)

    def do_anchor(
        self, plan: str, reference: str, line: str = "", starts: int | None = None, ends: int | None = None
    ) -> None:
        framing.add_anchor(
            programme=self.programme,
            plan=plan,
            reference=reference,
            action_line=line,
            starts=self.date(starts) if starts is not None else None,
            ends=self.date(ends) if ends is not None else None,
            by=self.referent,
        )

    def do_maturity(self, levels: list[int]) -> None:
        """In the order of the ten lines."""
        answers = dict(zip(maturity.LINES, levels, strict=True))
        framing.assess_maturity(programme=self.programme, levels=answers, by=self.referent)

    def do_criteria(self, helper: list[str], helped: list[str]) -> None:
        self.programme.refresh_from_db()
        seen = self.programme.version
        settings.set_criteria(programme=self.programme, seen=seen, helper=helper, helped=helped, by=self.referent)

    def do_review(self, exercice: str, results: dict[str, list[str]]) -> None:
        """`results`: {text of the objective: [attainment, why]}."""
        exercice = self.programme.exercices.get(name=exercice)
        said = {self.programme.objectives.get(text=text): tuple(result) for text, result in results.items()}
        framing.review(exercice=exercice, results=said, by=self.referent)
