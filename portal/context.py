"""What the base layout needs on every page."""

from django.conf import settings
from django.http import HttpRequest

from portal.navigation import navigation


def chrome(request: HttpRequest) -> dict:
    """Demo flag and navigation of the space the page belongs to."""
    return {"DEMO": settings.DEMO, "chrome": navigation(request)}
