"""Which spaces a person may enter, and the links of the space a page belongs to."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.registry import BANNER, NAVIGATION, UNREAD, Banner, Link, gather, hooks

PUBLIC = (
    ("Accueil", "portal:home"),
    ("La pair-aidance", "portal:about"),
    ("Qui voit quoi", "portal:who_sees"),
    ("Trois programmes réels", "evaluation:reference"),
    ("Plan du site", "portal:sitemap"),
)
# What the account menu offers, among the pages this installation has.
ACCOUNT = (
    ("Mes espaces", "portal:after_login"),
    ("Mon compte", "portal:account"),
    ("Mes données", "portal:my_data"),
)


@dataclass(frozen=True)
class Space:
    """Where the page is: agent, pilotage, rh… with its context (programme or employer) and the reader’s roles there."""

    key: str
    title: str
    context: object = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """An entry of the menu: a link, or a titled group of links."""

    title: str
    links: tuple[Link, ...]
    grouped: bool = False


@dataclass
class Chrome:
    """What header and navigation show. `current` is the address of the link the page hangs under."""

    space: Space | None = None
    links: list[Link] = field(default_factory=list)
    employer: object = None
    current: str = ""
    signed_in: bool = False
    name: str = ""
    # News not read yet.
    unread: int = 0
    account_links: list[Link] = field(default_factory=list)
    banners: list[Banner] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """The menu: links without a group stand alone; a group stands where its first link does."""
        groups: dict[str, list[Link]] = {}
        for link in self.links:
            groups.setdefault(link.group or link.url, []).append(link)
        return [
            Entry(links[0].group or links[0].label, tuple(links), bool(links[0].group)) for links in groups.values()
        ]

    @property
    def current_group(self) -> str:
        """The group that holds the link the page hangs under."""
        return next((link.group for link in self.links if link.url == self.current), "")

    @property
    def current_label(self) -> str:
        """What the folded menu of a narrow screen says of where the page is."""
        return next((link.label for link in self.links if link.url == self.current), "")

    @property
    def band(self) -> str:
        """What warns that the data are not real, on every page that shows some."""
        if getattr(self.employer, "fictional", False):
            return "Employeur fictif"
        return "Données de démonstration" if settings.DEMO else ""

    @property
    def band_more(self) -> str:
        """The rest of the sentence, heard but not seen on a narrow screen."""
        employer = getattr(self.employer, "fictional", False)
        return "données de démonstration" if employer else "les personnes et les employeurs sont fictifs"


def _links(names: tuple[tuple[str, str], ...]) -> list[Link]:
    """The links of `names` that exist here."""
    found = []
    for rank, (label, name) in enumerate(names):
        try:
            found.append(Link(label, reverse(name), rank))
        except NoReverseMatch:
            continue
    return found


def _current(links: list[Link], path: str) -> str:
    """The link with the longest address that begins the path, its own before a borrowed one; home is only itself."""
    found = [
        (len(address), address == link.url, link.url)
        for link in links
        for address in (link.url, *link.under)
        if path == address or (address != "/" and path.startswith(address))
    ]
    return max(found, default=(0, False, ""))[2]


def _own_employer(request: HttpRequest) -> object:
    """Where the person works today: the colours of pages that belong to nobody else."""
    person = getattr(request, "person", None)
    if not person:
        return None
    affiliation = person.affiliations.filter(ends__isnull=True).select_related("employer").first()
    return affiliation.employer if affiliation else None


def navigation(request: HttpRequest) -> Chrome:
    """Built from `request.space`, which the space decorators set (portal/access.py)."""
    space = getattr(request, "space", None)
    if space is None:
        own = (("Mon espace", "portal:my_space"),) if getattr(request, "person", None) else ()
        chrome = Chrome(links=_links(own + PUBLIC))
    else:
        employer = getattr(space.context, "lead_employer", space.context) or _own_employer(request)
        chrome = Chrome(space, sorted(gather(NAVIGATION, space), key=lambda link: link.rank), employer)
        chrome.banners = gather(BANNER, space)
    chrome.current = _current(chrome.links, request.path)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        person = getattr(request, "person", None)
        chrome.signed_in, chrome.name = True, person.short_name if person else ""
        chrome.unread = sum(count(person) for count in hooks(UNREAD)) if person else 0
        chrome.account_links = _links(ACCOUNT)
        if settings.DEMO:
            chrome.account_links += _links((("Courrier de la démonstration", "portal:demo_mails"),))
    return chrome
