"""The agent's home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import registry
from portal.access import agent_space


@require_safe
@agent_space
def my_space(request: HttpRequest) -> HttpResponse:
    """What is expected of me, then what I may do: cards registered by the apps."""
    cards = sorted(registry.gather(registry.CARD, request.person), key=lambda card: card.rank)
    return render(request, "portal/my_space.html", {"cards": cards})
