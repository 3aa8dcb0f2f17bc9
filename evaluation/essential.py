"""« L’essentiel » of the first page in sentences, from frozen content alone: what was done, where the programme stands.

Each sentence agrees with its number (none, one, several) and is left out when a figure it needs is not shown.
"""

from evaluation.disclosure.figures import grouped
from portal.dates import NBSP

LIMIT = "Ces chiffres décrivent une activité. Ils ne prouvent pas un effet."
# What the review of objectives says, in the order it is counted.
ATTAINMENTS = (("met", "atteint", "atteints"), ("partly", "en partie", "en partie"), ("not_met", "non atteint", ""))


def many(number: int, one: str, several: str = "") -> str:
    return f"{grouped(number)}{NBSP}{one if number < 2 else several or one + 's'}"


def activity(value: dict[str, int]) -> list[str]:
    """What took place, from published values by code."""
    pairs, meetings, asked = value.get("E01"), value.get("E02"), value.get("B03")
    said = []
    if pairs == 0:
        said.append("Aucun binôme ne s’est rencontré pendant la période.")
    elif pairs and meetings is not None:
        said.append(f"{many(pairs, 'binôme')} {_met(pairs)} {many(meetings, 'fois', 'fois')}.")
    elif pairs:
        said.append(f"{many(pairs, 'binôme')} {_met(pairs)} pendant la période.")
    elif meetings:
        said.append(f"{many(meetings, 'rencontre')} {'a été déclarée' if meetings < 2 else 'ont été déclarées'}.")
    if value.get("E06R"):
        said.append(f"Cela représente environ {grouped(value['E06R'])}{NBSP}heures de rencontre.")
    if asked is not None and pairs is not None:
        received = many(asked, "demande") if asked else "n’a reçu aucune demande"
        said.append(f"Pendant la période, le programme {'a reçu ' if asked else ''}{received} de binôme.")
    if value.get("P02"):
        said.append(f"La communauté ou le groupe a compté {many(value['P02'], 'membre')} pendant la période.")
    held, presences = value.get("E09N"), value.get("E09")
    if held:
        came = f" ; {many(presences, 'présence cumulée', 'présences cumulées')}" if presences is not None else ""
        times = many(held, "temps collectif", "temps collectifs")
        said.append(f"{times} {'a été tenu' if held < 2 else 'ont été tenus'}{came}.")
    return said


def standing(content: dict) -> list[str]:
    """Where the programme stands on the last day: steps, objectives read again, what waits for the employer."""
    return [
        sentence
        for sentence in (
            _steps(content["steps"]),
            _objectives(content.get("promises", [])),
            _problems(content.get("problems", [])),
        )
        if sentence
    ]


def _met(pairs: int) -> str:
    return "s’est rencontré" if pairs < 2 else "se sont rencontrés"


def _steps(steps: list[dict]) -> str:
    if not steps:
        return ""
    passed = sum(step["state"] == "passed" for step in steps)
    if passed == len(steps):
        return "Les six étapes du programme sont franchies."
    current = ", ".join(f"«{NBSP}{step['title']}{NBSP}»" for step in steps if step["state"] == "current")
    going = f" ; en cours : {current}" if current else ""
    done = {0: "Aucune des six étapes n’est encore franchie", 1: "Une étape sur six est franchie"}
    return f"{done.get(passed, f'{passed} étapes sur {len(steps)} sont franchies')}{going}."


def _objectives(promises: list[dict]) -> str:
    """« Objectifs fixés : 2 atteints, 1 en partie, 1 pas encore relu. » ; those given up are in their own section."""
    kept = [row for row in promises if not row["dropped_on"]]
    counted = [(sum(row["attainment"] == code for row in kept), one, several) for code, one, several in ATTAINMENTS]
    counted.append((sum(not row["attainment"] for row in kept), "pas encore relu", "pas encore relus"))
    told = ", ".join(many(number, one, several) for number, one, several in counted if number)
    return f"Objectifs fixés : {told}." if told else ""


def _problems(problems: list[dict]) -> str:
    if not problems:
        return ""
    raised = f"{many(len(problems), 'problème')} d’organisation {'remonté' if len(problems) < 2 else 'remontés'}"
    waiting = sum(not row["answered_on"] for row in problems)
    if not waiting:
        return f"{raised} : l’employeur a répondu{'' if len(problems) < 2 else ' à chacun'}."
    if len(problems) == 1:
        return f"{raised} : la réponse de l’employeur est attendue."
    return f"{raised} : {many(waiting, 'réponse')} de l’employeur {_awaited(waiting)}."


def _awaited(number: int) -> str:
    return "est attendue" if number < 2 else "sont attendues"
