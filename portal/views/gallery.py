"""The gallery of components, in demonstration mode only."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import clock
from portal.forms.gallery import GalleryForm

STEPS = (
    (1, "Sensibiliser et mobiliser", "franchie"),
    (2, "Identifier et recruter", "franchie"),
    (3, "Définir un cadre", "franchie"),
    (4, "Former", "en cours"),
    (5, "Superviser et suivre", "à venir"),
    (6, "Évaluer et ajuster", "à venir"),
)
COLUMNS = ("Agent", "Depuis", "Forme demandée", "État")
ROWS = (
    ({"url": "#tableau", "label": "Camille B."}, "mardi 3 mars 2026", "binôme", {"word": "reçue", "tone": "wait"}),
    (
        {"url": "#tableau", "label": "Louison T."},
        "jeudi 12 mars 2026",
        "groupe ouvert",
        {"word": "acceptée", "tone": "go"},
    ),
    (
        {"url": "#tableau", "label": "Candide M."},
        "lundi 2 février 2026",
        "binôme",
        {"word": "plus tard", "tone": "neutral"},
    ),
)
TONES = (("neutral", "en préparation"), ("go", "en vie"), ("wait", "à valider"), ("stop", "échec"), ("done", "terminé"))
TILES = (
    ("71", "Rencontres", "Sur l’exercice, tous binômes."),
    ("120 h", "Heures de mission", "Arrondies à 10."),
    ("moins de 5 (zéro compris)", "Pauses", ""),
    ("non diffusé pour protéger les personnes", "Satisfaction", "Moins de 7 réponses."),
)
FACTS = (
    ("Référent·e", "Claude R."),
    ("Début", "mardi 3 mars 2026"),
    ("Rythme", "une rencontre toutes les trois semaines"),
)
WHAT = ("Le binôme s’arrête aujourd’hui.", "Vos rencontres restent dans vos données pendant 12 mois.")
WHO = ("L’autre membre du binôme, sans raison donnée.", "Votre référent·e.")
MOMENTS = (dt.date(2026, 3, 1), dt.datetime(2026, 3, 3, 13, 30, tzinfo=dt.UTC))


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component and every kind of field, in all its states."""
    if not settings.DEMO:
        raise Http404
    wrong = GalleryForm(data={"faux-role": "peer", "faux-hours": "14"}, prefix="faux")
    context = {
        "steps": [{"number": n, "title": title, "state": state, "url": "#etapes"} for n, title, state in STEPS],
        "columns": COLUMNS,
        "rows": ROWS,
        "tones": TONES,
        "tiles": TILES,
        "facts": FACTS,
        "what": WHAT,
        "who": WHO,
        "moments": [*MOMENTS, clock.now()],
        "page": Paginator(range(60), 20).get_page(2),
        "form": GalleryForm(),
        "wrong": wrong,
    }
    return render(request, "portal/gallery.html", context)
