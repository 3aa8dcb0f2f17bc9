"""RH's and administrator's home pages for one employer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import SPACE, administrator_space, holds_both, hr_space, second_factor_answer
from portal.accounts import safe_url
from portal.enums import Verb
from portal.models import Employer, User
from portal.services import journal
from portal.services import retention as retention_rules

SPACES = {"hr": ("Espace RH", "portal:hr_home"), "pilotage": ("Pilotage", "programmes:mine")}


@require_safe
@hr_space
def hr_home(request: HttpRequest, employer: Employer) -> HttpResponse:
    """RH come for reports (and, later, letters): straight there."""
    return redirect("evaluation:hr_reports", employer.slug)


@require_http_methods(["GET", "POST"])
def switch_space(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """From the référent's space to RH's or back, for one person who has both: on purpose, and in the journal."""
    employer = Employer.objects.filter(slug=slug).first()
    if employer is None or key not in SPACES or not holds_both(request.person, employer):
        raise Http404
    if answer := second_factor_answer(request):
        return answer
    title, home = SPACES[key]
    target = safe_url(request, request.GET.get("next", "")) or reverse(home, args=[slug] if key == "hr" else [])
    if request.method == "POST":
        request.session[SPACE.format(employer.slug)] = key
        journal.log(actor=request.person, verb=Verb.SWITCHED_SPACE, target=employer, employer=employer)
        return redirect(target)
    return render(request, "portal/switch_space.html", {"employer": employer, "title": title, "key": key})


@require_safe
@administrator_space
def accounts(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Accounts by address, never a role, a programme or an activity (engineering 1c)."""
    users = User.objects.filter(person__affiliations__employer=employer).order_by("email").distinct()
    return render(request, "portal/accounts.html", {"employer": employer, "users": users})


@require_safe
@administrator_space
def retention(request: HttpRequest, employer: Employer) -> HttpResponse:
    """How long what is kept, in words: the rules that the portal applies by itself."""
    rows = [[rule.data, rule.kept, rule.then] for rule in retention_rules.rules()]
    return render(request, "portal/retention.html", {"employer": employer, "rows": rows})
