"""Words of the yearly report that are the same for every programme; frozen in each release with its figures."""

NOT_SAID = (
    "Aucun nom, aucune équipe, aucun service : rien ici ne parle d’une personne.",
    "Ce qui s’est dit dans les rencontres : le portail n’en garde aucune trace.",
    "Aucun taux d’absence, aucun décompte de reconnaissances de handicap, aucun classement.",
    "Ce qui aurait changé sans le programme : ces chiffres décrivent une activité, ils ne prouvent pas un effet.",
    "Les rencontres que les binômes n’ont pas déclarées : déclarer est simple, mais reste libre.",
)
NOT_SAID_REFERENCE = (
    "Tout ce que les sources ne publient pas : nous ne l’avons ni estimé ni déduit.",
    "Les effets rapportés sont ceux que l’employeur a présentés ; aucune source n’en donne la mesure.",
    "Ce programme n’est pas mené dans ce portail : ses chiffres n’entrent dans aucune statistique.",
)
WITHHELD_MEANS = (
    "« Non diffusé » ne veut dire ni beaucoup, ni peu, ni zéro. Dans un petit groupe, un nombre pourrait parler d’une "
    "personne : nous ne le donnons pas."
)
ROLES_NOT_TOLD = "rôles non distingués par la source"
NOT_THE_SAME_PEOPLE = (
    "D’un moment à l’autre, ce ne sont pas toujours les mêmes personnes qui répondent : deux nombres différents ne "
    "mesurent pas un progrès."
)
