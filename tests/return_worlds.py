"""The world of scene 6, built through the services; run in a process of its own (see tests/server.py)."""

import datetime as dt

from pairing.models import Pair
from pairing.services import returns
from portal import clock
from portal.enums import EmployerRoleKind
from portal.jobs import simulated_past, work
from portal.models import EmailDomain, Job, OutgoingMail
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Programme
from programmes.services import rollout
from tests.builders import make_employer, make_pair, make_participation, make_person, make_programme, referent_of

AGENT, HELPER, REFERENT, RH, SUPERVISOR = "Swanie", "Gaëlle", "Andréa", "Solveig", "Inès"
ADDRESS, SLUG = "swanie@chez-soi.invalid", "estran"


def before_the_return() -> None:
    """A hospital; the agent, on leave, came with a personal address and is accompanied for a month."""
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=40)):
        employer = make_employer(SLUG, name="Centre hospitalier de l’Estran", branch="fph", fictional=True)
        EmailDomain.objects.create(employer=employer, domain="estran.invalid")
        programme = make_programme(employer, referent=make_person(employer, REFERENT), forms=["pair", "return"])
        Programme.objects.filter(pk=programme.pk).update(slug=SLUG)
        programme.slug = SLUG
        make_person(employer, RH, roles=(EmployerRoleKind.HR_READER,))
        supervisor = make_person(employer, SUPERVISOR)
        role = ProgrammeRoleKind.SUPERVISOR
        rollout.grant(programme=programme, person=supervisor, role=role, by=referent_of(programme))
        agent, helper = make_person(employer, AGENT), make_person(employer, HELPER)
        agent.user.email, helper.user.email = ADDRESS, "gaelle@estran.invalid"
        agent.user.save()
        helper.user.save()
        sides = {"helper": make_participation(programme, Side.HELPER, helper)}
        sides["helped"] = make_participation(programme, Side.HELPED, agent)
        make_pair(programme, **sides)
    OutgoingMail.objects.all().delete()


def the_day_comes(after: int) -> str:
    """So many days after the return, at eleven: what the scheduler and the worker do. What is left of the day."""
    pair = Pair.objects.get(programme__slug=SLUG)
    day = returns.read(pair).on + dt.timedelta(days=after)
    with clock.at(dt.datetime.combine(day, dt.time(11), clock.ZoneInfo("Europe/Paris"))):
        returns.remind()
        for job in Job.objects.filter(kind="portal.mail", state="queued"):
            work(job)
        ended = returns.read(pair).ends_on <= day if returns.read(pair) else None
        returns.forget()
        return (
            f"mails {OutgoingMail.objects.filter(state='sent').count()} ended {ended} kept {bool(returns.read(pair))}"
        )
