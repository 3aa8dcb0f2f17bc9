"""The organisation's self-assessment (domain.md d.3): ten lines from 0 to 2, and an advice. Pure: no table; never blocks."""

LINES: dict[str, str] = {
    "direction": "La direction s’est engagée par écrit",
    "policy": "Une politique handicap est formalisée",
    "referent-time": "Le ou la référent·e a du temps pour ce programme",
    "deputy": "Un·e suppléant·e est nommé·e",
    "budget": "Un budget est prévu",
    "supervisor": "Un·e superviseur·e est trouvé·e",
    "charter": "Une charte est écrite",
    "working-time": "La mission se fait sur le temps de travail",
    "health": "La santé au travail est informée",
    "assessment": "L’analyse d’impact (AIPD) est faite",
}
LEVELS = ((0, "Pas encore"), (1, "En cours"), (2, "Oui"))
BEST = 2 * len(LINES)
PILOT_FROM, WIDE_ABOVE = 10, 15


def total(levels: dict[str, int]) -> int:
    """Out of BEST."""
    return sum(levels.get(code, 0) for code in LINES)


def advice(points: int) -> str:
    if points < PILOT_FROM:
        return "Consolidez d’abord : mieux vaut ne pas ouvrir les inscriptions tout de suite."
    if points <= WIDE_ABOVE:
        return "Commencez par un pilote, avec quelques binômes."
    return "Vous pouvez déployer."


def weakest(levels: dict[str, int]) -> list[str]:
    """Lines where nothing has begun."""
    return [label for code, label in LINES.items() if not levels.get(code, 0)]
