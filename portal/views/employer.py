"""RH's and administrator's home pages for one employer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.access import administrator_space, hr_space
from portal.models import Employer, User


@require_safe
@hr_space
def hr_home(request: HttpRequest, employer: Employer) -> HttpResponse:
    """RH come for reports (and, later, letters): straight there."""
    return redirect("evaluation:hr_reports", employer.slug)


@require_safe
@administrator_space
def accounts(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Accounts by address, never a role, a programme or an activity (engineering 1c)."""
    users = User.objects.filter(person__affiliations__employer=employer).order_by("email").distinct()
    return render(request, "portal/accounts.html", {"employer": employer, "users": users})
