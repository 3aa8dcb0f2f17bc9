"""Logins, agents, employers and who belongs where (decisions 1, engineering 3.1-3.4)."""

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Expression, F, Q
from django.db.models.functions import Lower

from portal import clock, contrast
from portal.crypto import SealedField
from portal.enums import Branch, EmployerRoleKind
from portal.local_day import local_day
from portal.models.base import Referenced, Versioned
from portal.words import search_key, sort_key


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None) -> "User":
        user = self.model(email=email.strip().lower())
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A login, nothing more: what an agent is and does hangs on Person."""

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", default=clock.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return self.email


class Person(Referenced, Versioned):
    """An agent. The account is optional: paper, entered on behalf, or erased."""

    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    given = models.CharField("prénom", max_length=80)
    family = models.CharField("nom", max_length=80)
    sort_key = models.CharField(max_length=200, editable=False, db_index=True)
    search_key = models.CharField(max_length=200, editable=False)
    contact = SealedField("moyen de contact choisi")
    notify_email = SealedField("adresse personnelle pour les messages")
    created_at = models.DateTimeField("créée le", default=clock.now)
    erase_on = models.DateField("à effacer le", null=True, blank=True)

    class Meta:
        verbose_name = "personne"
        ordering = ["sort_key", "pk"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        """« Prénom N. », the only form used outside the person's own pages (interface.md, Look)."""
        return f"{self.given} {self.family[:1]}." if self.family else self.given

    @property
    def full_name(self) -> str:
        return f"{self.given} {self.family}".strip()

    def save(self, *args, **kwargs) -> None:
        self.sort_key = sort_key(f"{self.family} {self.given}")
        self.search_key = search_key(f"{self.given} {self.family}")
        super().save(*args, **kwargs)


class Employer(Referenced, Versioned):
    """A public employer. `neutral_name` is what mails, tabs and calendars may say to a passer-by."""

    slug = models.SlugField("adresse courte", max_length=60, unique=True)
    name = models.CharField("nom", max_length=160)
    neutral_name = models.CharField("nom court neutre", max_length=80)
    branch = models.CharField("versant", max_length=3, choices=Branch)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    headcount = models.PositiveIntegerField("nombre d’agents", null=True, blank=True)
    accent = models.CharField(
        "couleur d’accent", max_length=7, default=contrast.DEFAULT_ACCENT, validators=[contrast.validate_accent]
    )
    fictional = models.BooleanField("employeur fictif", default=False)

    class Meta:
        verbose_name = "employeur"
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("portal:employer_home", args=[self.slug])


class EmailDomain(models.Model):
    """A mail domain whose holders may sign up with this employer; two employers may share one."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="domains")
    domain = models.CharField("domaine", max_length=120)

    class Meta:
        verbose_name = "domaine de messagerie"
        constraints = [
            models.UniqueConstraint(fields=["employer", "domain"], name="domain_once_per_employer"),
            models.CheckConstraint(condition=Q(domain=Lower("domain")), name="domain_lower"),
        ]

    def __str__(self) -> str:
        return self.domain


class Unit(Referenced):
    """A direction, a service, a team: a tree whose leaves are teams."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="units")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    name = models.CharField("nom", max_length=120)
    is_team = models.BooleanField("équipe", default=False)

    class Meta:
        verbose_name = "unité"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "parent", "name"], name="unit_name_once"),
            models.UniqueConstraint(
                fields=["employer", "name"], condition=Q(parent__isnull=True), name="top_unit_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day (`starts`) to a day (`ends`), or without end."""

    def on(self, day: dt.date | Expression) -> "DatedQuerySet":
        """Rows that hold on `day`: access ends by date, at the next request."""
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gte=day))

    def in_force(self) -> "DatedQuerySet":
        """Rows that hold today, where their employer lives."""
        return self.on(local_day(self.model.EMPLOYER))


class Affiliation(models.Model):
    """Where a person works, over time; `manager` is the person's N+1 there."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="affiliations")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, blank=True, related_name="affiliations")
    manager = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="managed")
    starts = models.DateField("depuis le")
    ends = models.DateField("jusqu’au", null=True, blank=True)

    EMPLOYER = "employer"
    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "rattachement"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ends__isnull=True), name="one_open_affiliation"),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="affiliation_dates"),
            models.CheckConstraint(condition=Q(manager__isnull=True) | ~Q(manager=F("person")), name="not_own_manager"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.employer_id}"


class DatedGrant(models.Model):
    """A role held from a day to a day; EMPLOYER is the path to the employer whose days count."""

    starts = models.DateField("depuis le")
    ends = models.DateField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class EmployerRole(Referenced, DatedGrant):
    """A role for a whole employer (RH, DPO, administration…)."""

    EMPLOYER = "employer"
    person = models.ForeignKey(Person, models.CASCADE, related_name="employer_roles")
    employer = models.ForeignKey(Employer, models.CASCADE, related_name="roles")
    role = models.CharField("rôle", max_length=20, choices=EmployerRoleKind)

    class Meta:
        verbose_name = "rôle auprès d’un employeur"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "employer", "role"], condition=Q(ends__isnull=True), name="one_open_employer_role"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="employer_role_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(Referenced):
    """A sign-up link for an address outside the employer's domains. Only the token's hash is kept."""

    employer = models.ForeignKey(Employer, models.CASCADE, related_name="invitations")
    email = SealedField("adresse invitée")
    role = models.CharField("rôle donné", max_length=20, choices=EmployerRoleKind, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by_ref = models.UUIDField(editable=False)
    created_at = models.DateTimeField("créée le", default=clock.now)
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisée le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.ref)
