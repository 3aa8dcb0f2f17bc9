"""« Comment les binômes sont proposés »: open to everybody, from the programme’s real criteria."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from pairing.run_words import CRITERIA
from pairing.services import weights
from programmes.access import open_to_all


@login_not_required
@require_safe
def how(request: HttpRequest, slug: str) -> HttpResponse:
    programme = get_object_or_404(open_to_all(), slug=slug)
    rows = [
        [CRITERIA[criterion][0], CRITERIA[criterion][1], f"{share / 10:.0f}\N{NO-BREAK SPACE}%"]
        for criterion, share in weights.shares(programme).items()
    ]
    columns = ["Critère", "Ce qui est regardé", "Ce qu’il compte"]
    return render(request, "pairing/how.html", {"programme": programme, "rows": rows, "columns": columns})
