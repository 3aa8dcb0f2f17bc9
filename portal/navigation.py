"""Which spaces a person may enter, and the links of the space a page belongs to."""

from dataclasses import dataclass, field

from django.http import HttpRequest

from portal.registry import NAVIGATION, Link, gather


@dataclass(frozen=True)
class Space:
    """Where the page is: agent, pilotage, rh… with the object of its context (programme or employer), if any."""

    key: str
    title: str
    context: object = None


@dataclass
class Chrome:
    """What header and navigation show."""

    space: Space | None = None
    links: list[Link] = field(default_factory=list)
    employer: object = None


def navigation(request: HttpRequest) -> Chrome:
    """Built from `request.space`, which the space decorators set (portal/access.py)."""
    space = getattr(request, "space", None)
    if space is None:
        return Chrome()
    employer = getattr(space.context, "lead_employer", space.context)
    return Chrome(space, sorted(gather(NAVIGATION, space), key=lambda link: link.rank), employer)
