"""Problems of the organisation that come back in several talks, and what the employer answers (field.md, report 10)."""

from django.db import models
from django.db.models import Q

from pairing.enums import ProblemCategory, ProblemKind, ProblemState
from portal import clock
from portal.models.base import Referenced, Versioned
from programmes.enums import Function
from programmes.models import Programme


class Problem(Referenced, Versioned):
    """About an organisation, never a person: two closed lists and a short title, then the employer's answer."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="problems")
    category = models.CharField("tient à", max_length=12, choices=ProblemCategory)
    kind = models.CharField("sujet", max_length=12, choices=ProblemKind)
    title = models.CharField("en une phrase", max_length=120)
    owner = models.CharField("qui peut y répondre", max_length=14, choices=Function)
    raised_on = models.DateField("remonté le")
    state = models.CharField("réponse de l’employeur", max_length=10, choices=ProblemState, default=ProblemState.RAISED)
    answer = models.CharField("réponse de l’employeur", max_length=300, blank=True)
    answered_on = models.DateField("répondu le", null=True, blank=True)
    on_behalf = models.BooleanField("réponse saisie par le ou la référent·e", default=False)
    due_on = models.DateField("prévu pour le", null=True, blank=True)
    done_on = models.DateField("réalisé le", null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "problème remonté"
        ordering = ["raised_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProblemState.RAISED, answered_on__isnull=True, answer="")
                | ~Q(state=ProblemState.RAISED) & Q(answered_on__isnull=False),
                name="answered_problem_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=ProblemState.DONE, done_on__isnull=False)
                | ~Q(state=ProblemState.DONE) & Q(done_on__isnull=True),
                name="solved_problem_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.title
