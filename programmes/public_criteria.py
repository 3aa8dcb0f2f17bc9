"""What agents may read about who takes part: two closed lists (domain.md d.1, d.2). Pure: no table.

Never in them: a status (RQTH), a diagnosis, a treatment, the length of an absence, a union mandate.
"""

HELPER, HELPED = "helper", "helped"
CRITERIA: dict[str, dict[str, str]] = {
    HELPER: {
        "experience": "avoir traversé soi-même une situation de handicap, de santé ou de reconversion au travail",
        "distance": "avoir pris du recul sur cette situation",
        "passing-on": "avoir envie de transmettre ce que l’on a appris",
        "listening": "aimer écouter, sans juger ni conseiller",
        "time": "pouvoir donner du temps régulièrement, sur le temps de travail",
        "training": "suivre la formation proposée avant la première rencontre",
        "no-conflict": "n’être ni RH, ni encadrant·e de la personne accompagnée",
        "support": "savoir vers qui se tourner si l’on va moins bien",
    },
    HELPED: {
        "volunteer": "être volontaire, et pouvoir arrêter à tout moment",
        "equal": "accepter une relation d’égal à égal",
        "need": "avoir envie de parler d’un sujet du travail avec quelqu’un qui l’a vécu",
        "trust": "se sentir prêt·e à faire confiance à un ou une collègue",
    },
}
# What a new programme shows until its référent chooses otherwise.
DEFAULT: dict[str, list[str]] = {
    HELPER: ["experience", "distance", "time", "no-conflict", "support"],
    HELPED: ["volunteer", "equal", "need"],
}


def shown(criteria: dict | None, side: str) -> list[str]:
    """The sentences ticked for this side, in the order of the list; `criteria` is Programme.criteria."""
    ticked = set((criteria or {}).get(side, []))
    return [text for code, text in CRITERIA[side].items() if code in ticked]
