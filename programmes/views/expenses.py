"""Money: the référent sees the lead employer's, RH of each employer its own and nothing of the others'."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.access import employer_roles, hr_space
from portal.dates import day_in_words
from portal.enums import EmployerRoleKind
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Employer
from programmes.access import referent_only
from programmes.forms.money import EURO, ChangeExpenseForm, ExpenseForm, HrExpenseForm, euros
from programmes.models import Expense, Programme
from programmes.services import expenses as service


@require_http_methods(["GET", "POST"])
@referent_only
def expenses(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = ExpenseForm(request.POST or None)
    here = reverse("programmes:expenses", args=[programme.slug])
    if request.method == "POST" and form.is_valid() and _add(request, form, programme, programme.lead_employer):
        return redirect(here)
    rows = programme.expenses.filter(employer=programme.lead_employer)
    context = {"programme": programme, "form": form, "may_write": True} | _shown(
        rows, "programmes:expense", programme.slug
    )
    return render(request, "programmes/expenses.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def expense(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Correct or remove one."""
    row = get_object_or_404(_rows(programme.expenses.filter(employer=programme.lead_employer)), ref=ref)
    return _one(request, row, reverse("programmes:expenses", args=[programme.slug]), {"programme": programme})


@require_http_methods(["GET", "POST"])
@hr_space
def hr_expenses(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Readers of RH read; a signatory writes."""
    may_write = _signs(request, employer)
    if request.method == "POST" and not may_write:
        raise Http404
    programmes = service.programmes_of(employer)
    form = HrExpenseForm(request.POST or None, programmes=programmes)
    here = reverse("programmes:hr_expenses", args=[employer.slug])
    if request.method == "POST" and form.is_valid() and _add(request, form, form.cleaned_data["programme"], employer):
        return redirect(here)
    rows = Expense.objects.filter(employer=employer)
    context = {"employer": employer, "form": form, "may_write": may_write and programmes.exists()}
    context |= _shown(rows, "programmes:hr_expense" if may_write else "", employer.slug, several=True)
    return render(request, "programmes/expenses.html", context)


@require_http_methods(["GET", "POST"])
@hr_space
def hr_expense(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    """Correct or remove one of the employer's own."""
    row = get_object_or_404(_rows(Expense.objects.filter(employer=employer)), ref=ref)
    if not _signs(request, employer):
        raise Http404
    return _one(request, row, reverse("programmes:hr_expenses", args=[employer.slug]), {"employer": employer})


def _signs(request: HttpRequest, employer: Employer) -> bool:
    return EmployerRoleKind.HR_SIGNATORY in employer_roles(request.person, employer)


def _rows(expenses):
    return expenses.select_related("programme__lead_employer", "employer")


def _add(request: HttpRequest, form: ExpenseForm, programme: Programme, employer: Employer) -> bool:
    try:
        service.add(programme=programme, employer=employer, by=request.person, **form.values)
    except DomainError as error:
        show(error, form)
        return False
    messages.success(request, "La dépense est enregistrée.")
    return True


def _shown(expenses, name: str, slug: str, *, several: bool = False) -> dict:
    """Totals, then one row each, with its programme where there may be several; a link to correct it if `name`."""
    sums = service.totals(expenses)
    facts = [
        ("Dépensé", sums.spent),
        ("Financé par le FIPHFP", sums.financed),
        ("Reste à la charge de l’employeur", sums.left),
    ]
    return {
        "rows": [_row(row, name, slug, several) for row in expenses.select_related("programme")],
        "columns": ["Dépense", *(["Programme"] if several else []), "Montant", "Dont FIPHFP", "Pièce"],
        "facts": [(label, euros(cents) + EURO) for label, cents in facts],
        "lines": [
            [label.capitalize(), euros(spent) + EURO, euros(financed) + EURO] for label, spent, financed in sums.lines
        ],
        "line_columns": ["Ligne", "Dépensé", "Dont FIPHFP"],
    }


def _row(row: Expense, name: str, slug: str, several: bool) -> list:
    label = f"{day_in_words(row.on, weekday=False)}, {row.get_line_display()}"
    first = {"url": reverse(name, args=[slug, row.ref]), "label": label} if name else label
    amounts = [euros(row.cents) + EURO, euros(row.financed_cents) + EURO]
    return [first, *([row.programme.name] if several else []), *amounts, row.piece or "sans numéro"]


def _one(request: HttpRequest, row: Expense, back: str, place: dict) -> HttpResponse:
    """The form of one expense; the button « Effacer » takes it away."""
    form = ChangeExpenseForm(request.POST or None, initial=ChangeExpenseForm.initial_of(row))
    if request.method == "POST" and request.POST.get("act") == "remove":
        service.remove(expense=row, by=request.person)
        messages.success(request, "La dépense est effacée.")
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            service.change(expense=row, by=request.person, seen=form.cleaned_data["seen"], **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La dépense est corrigée.")
            return redirect(back)
    return render(request, "programmes/expense.html", {"expense": row, "form": form, "back": back, **place})
