"""What a programme does on each step: actions, deliverables and criteria, with their documents."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.models import Person, StoredDocument
from portal.models.base import Referenced, Versioned
from programmes.enums import ItemState, LineKind, Watched
from programmes.models.rollout import Step, StepLine


class StepItem(Referenced, Versioned):
    """A line of the method in one programme, or (without `line`) an action the team added. Never about a person.

    Done says by whom and when. Lines that the portal reads from the data have no row.
    """

    step = models.ForeignKey(Step, models.CASCADE, related_name="items")
    line = models.ForeignKey(StepLine, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("nature", max_length=14, choices=LineKind, default=LineKind.ACTION)
    label = models.CharField("intitulé", max_length=200)
    essential = models.BooleanField("essentiel", default=False)
    co_construction = models.BooleanField("avec les personnes concernées", default=False)
    position = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField("pour le", null=True, blank=True)
    watched = models.CharField("ce que le portail en dit déjà", max_length=12, choices=Watched, blank=True)
    state = models.CharField("état", max_length=8, choices=ItemState, default=ItemState.TO_DO)
    done_on = models.DateField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "action ou livrable"
        ordering = ["step", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "line"], name="line_once_per_step"),
            models.CheckConstraint(
                condition=Q(state=ItemState.DONE, done_on__isnull=False)
                | ~Q(state=ItemState.DONE) & Q(done_on__isnull=True),
                name="done_item_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Evidence(Referenced):
    """A « pièce justificative » of an action or deliverable: a file deposited, or a document made by the portal."""

    item = models.ForeignKey(StepItem, models.CASCADE, related_name="evidence")
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="evidence")
    added_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField("ajoutée le", default=clock.now)

    class Meta:
        verbose_name = "pièce justificative"
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return str(self.document_id)
