"""Closed lists of the portal."""

from django.db import models


class Branch(models.TextChoices):
    """Versant of the civil service (domain.md a)."""

    STATE = "fpe", "fonction publique de l’État"
    LOCAL = "fpt", "fonction publique territoriale"
    HOSPITAL = "fph", "fonction publique hospitalière"


class EmployerRoleKind(models.TextChoices):
    """What a person does for a whole employer."""

    REFERENT = "referent", "référent·e handicap"
    HR_SIGNATORY = "hr_signatory", "RH, signataire"
    HR_READER = "hr_reader", "RH, lecture"
    DPO = "dpo", "délégué·e à la protection des données"
    NETWORK = "network", "animation de réseau"
    ADMINISTRATOR = "administrator", "administration technique"


HR_ROLES = (EmployerRoleKind.HR_SIGNATORY, EmployerRoleKind.HR_READER)


class JobState(models.TextChoices):
    QUEUED = "queued", "en file"
    RUNNING = "running", "en cours"
    DONE = "done", "terminé"
    FAILED = "failed", "échec"


class MailState(models.TextChoices):
    QUEUED = "queued", "à envoyer"
    SENT = "sent", "envoyé"
    FAILED = "failed", "échec"
    KEPT = "kept", "dans le portail seulement"
    WAITING = "waiting", "dans le message du jour"


class Topic(models.TextChoices):
    """Kinds of news, as somebody chooses how to be told."""

    PAIR = "pair", "Mon binôme et les propositions"
    PART = "part", "Ma participation et ma lettre"
    TRAINING = "training", "Ma formation"
    SUPERVISION = "supervision", "La supervision"
    TOGETHER = "together", "Les temps collectifs et les rencontres croisées"
    TEAM = "team", "Mon rôle dans l’équipe du programme"
    SAFETY = "safety", "Ce qui touche à la sécurité"


# What somebody is asked about: the safety of somebody else is no preference.
CHOSEN_TOPICS = tuple(topic.value for topic in Topic if topic != Topic.SAFETY)
# What may leave piece by piece.
AT_ONCE_TOPICS = (Topic.PAIR, Topic.PART, Topic.TRAINING, Topic.SUPERVISION, Topic.TEAM)


class NewsWay(models.TextChoices):
    PORTAL = "portal", "Dans le portail"
    GROUPED = "grouped", "Une fois par jour"
    AT_ONCE = "at_once", "Une par une"


class DocumentState(models.TextChoices):
    PENDING = "pending", "en préparation"
    READY = "ready", "prêt"


class Verb(models.TextChoices):
    """What the journal says was done. Readings of a person's file are shown to that person."""

    SIGNED_IN = "signed_in", "s’est connecté·e"
    READ_FILE = "read_file", "a consulté la fiche"
    READ_LIST = "read_list", "a consulté une liste"
    DECIDED = "decided", "a donné une réponse"
    CREATED = "created", "a créé"
    CHANGED = "changed", "a modifié"
    MOVED = "moved", "a changé l’état"
    EXPORTED = "exported", "a exporté"
    DOWNLOADED = "downloaded", "a téléchargé"
    SWITCHED_SPACE = "switched_space", "a changé d’espace"
    TOOK_OVER = "took_over", "a pris le relais : peut voir ma participation"
    ENTERED_FOR = "entered_for", "a saisi pour le compte de"
