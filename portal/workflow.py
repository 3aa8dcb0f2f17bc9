"""State moves: one table of moves per aggregate, one way to make a move, a log of all of them.

    MOVES = Moves(Pair, [Move("accept", (PROPOSED,), ACCEPTED, "Ce binôme n’attend plus de réponse."), …])

    with MOVES.moving(pair, "accept", by=person) as pair:
        pair.all_yes_at = clock.now()

`moving` locks nothing it cannot lock on SQLite: it ends with a conditional UPDATE on (state, version), so that of two
people moving the same object one gets Conflict (decision 3).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import models, transaction

from portal import clock
from portal.errors import Conflict, DomainError
from portal.models import Person, Transition


@dataclass(frozen=True)
class Move:
    """From one of `sources` to `target`; `refusal` is said when the object is elsewhere."""

    name: str
    sources: tuple[str, ...]
    target: str
    refusal: str


class Moves:
    """The moves of one model's state column."""

    def __init__(self, model: type[models.Model], moves: list[Move], announce: Callable | None = None) -> None:
        self.model, self.announce = model, announce
        self.by_name = {move.name: move for move in moves}

    def allows(self, obj: models.Model, name: str) -> bool:
        return obj.state in self.by_name[name].sources

    @contextmanager
    def moving(self, obj: models.Model, name: str, *, by: Person | None, reason: str = "") -> Iterator[models.Model]:
        """Fresh copy of `obj` inside a transaction; on exit: state set, saved if nobody else moved it, logged.

        Raises DomainError (the move's refusal) or Conflict.
        """
        move = self.by_name[name]
        with transaction.atomic():
            fresh = self.model.objects.select_for_update().get(pk=obj.pk)
            if fresh.state not in move.sources:
                raise DomainError(move.refusal)
            _keep_known(fresh, obj)
            before, version = fresh.state, fresh.version
            yield fresh
            fresh.state, fresh.version = move.target, version + 1
            changed = self.model.objects.filter(pk=fresh.pk, state=before, version=version).update(
                **{f.attname: getattr(fresh, f.attname) for f in fresh._meta.concrete_fields if _plain(f)}
            )
            if not changed:
                raise Conflict
            Transition.objects.create(
                label=fresh._meta.label,
                object_ref=fresh.ref,
                move=name,
                from_state=before,
                to_state=move.target,
                by_ref=by.ref if by else None,
                reason_code=reason,
                at=clock.now(),
            )
            obj.__dict__.update({k: v for k, v in fresh.__dict__.items() if k != "_state"})
            if self.announce:
                self.announce(fresh, move, by)


def _keep_known(fresh: models.Model, obj: models.Model) -> None:
    """What the caller had read along with `obj` is not read again: the people and programme it still points to."""
    for field in fresh._meta.concrete_fields:
        if field.is_relation and field.is_cached(obj) and getattr(fresh, field.attname) == getattr(obj, field.attname):
            field.set_cached_value(fresh, field.get_cached_value(obj))


def _plain(field: models.Field) -> bool:
    """Columns a move may write: not the key, not the sealed texts (they are written through save())."""
    return not field.primary_key and field.name != "ref" and not hasattr(field, "label")


def history(obj: models.Model) -> models.QuerySet[Transition]:
    """Every move of `obj`, oldest first."""
    return Transition.objects.filter(label=obj._meta.label, object_ref=obj.ref)
