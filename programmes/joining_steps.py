"""The steps of the inscription, in order, in words: the usual ones and the short ones (« version simplifiée »)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    slug: str
    title: str
    lead: str
    simple: str


STEPS = (
    Step(
        "cote",
        "Ce que vous souhaitez",
        "Rien n’est envoyé avant la dernière page, et vous pourrez changer d’avis.",
        "Vous choisissez. Rien ne part tout de suite. Vous pouvez changer d’avis.",
    ),
    Step(
        "besoins",
        "Vos sujets",
        "De quoi vous aimeriez parler, et ce qui rend l’échange possible pour vous.",
        "Cochez vos sujets. Vous pouvez ne rien cocher.",
    ),
    Step(
        "moi",
        "Vous",
        "Tout est facultatif. Dites ce que vous voulez, ou rien. Aucune question ne porte sur votre santé.",
        "Vous pouvez ne pas répondre. On ne vous demande rien sur votre santé.",
    ),
    Step(
        "disponibilites",
        "Quand et comment",
        "Vos moments habituels et votre façon d’échanger. Les rendez-vous se prennent ensuite, à deux.",
        "Quand êtes-vous libre ? Comment voulez-vous parler ?",
    ),
    Step(
        "lieux",
        "Où vous voir",
        "Tout est facultatif. Dites où vous pourriez voir l’autre personne. Aucune réponse n’empêche une proposition.",
        "Où pouvez-vous voir l’autre personne ? Vous pouvez ne rien cocher.",
    ),
    Step(
        "pas-avec",
        "Pas avec",
        "Facultatif. Vous pouvez écarter un service, sans dire pourquoi. La personne concernée ne le saura pas.",
        "Il y a un service que vous ne voulez pas ? Cochez-le. Personne ne vous demande pourquoi.",
    ),
    Step(
        "qui-voit-quoi",
        "Ce que chacun verra",
        "Voici, en vrai, ce que chacun lira. Les accords sont facultatifs : refuser ne change rien à votre inscription.",
        "Regardez qui voit quoi. Vous dites oui ou non. Dire non ne change rien.",
    ),
    Step(
        "information",
        "Avant d’envoyer",
        "Lisez ces quelques lignes. Vous pourrez arrêter à tout moment, sans raison à donner.",
        "Lisez. Puis cochez si vous avez compris.",
    ),
    Step(
        "recapitulatif",
        "Récapitulatif",
        "Relisez, corrigez si besoin, puis envoyez.",
        "Relisez. Si c’est bon, envoyez.",
    ),
)
# Ticked to go on, and not kept.
NEVER_KEPT = {"experience"}


def steps_for(*, places: bool) -> tuple[Step, ...]:
    """The steps in order; without `places`, nobody is asked on which site to meet."""
    return tuple(step for step in STEPS if places or step.slug != "lieux")


def named(slug: str) -> Step:
    return next(step for step in STEPS if step.slug == slug)
