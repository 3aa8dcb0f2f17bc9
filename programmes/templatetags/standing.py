"""Where a participation stands, for a template that holds the row."""

from django import template

from programmes.models import Participation
from programmes.services import standing as service

register = template.Library()


@register.simple_tag
def standing(row: Participation) -> service.Standing:
    return service.standing(row)


@register.filter
def looked_for(row: Participation) -> str:
    return service.looked_for(row)
