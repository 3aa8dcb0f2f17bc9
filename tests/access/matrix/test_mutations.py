"""The proof that the matrix is not blind: every lock taken off, one at a time, must turn it red."""

import pytest

from tests.access.matrix import mutations
from tests.access.matrix.run import walk

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_the_whole_matrix_then_every_lock_taken_off_is_seen(stage):
    world, actors = stage
    whole = walk(world, actors, whole=True)
    assert not whole.wrong, "\n".join(whole.wrong[:60])
    tried, missed = 0, []
    locks = (mutations.predicates, mutations.referent_only_pages, mutations.scopes, mutations.fetches)
    for mutation in (one for kind in locks for one in kind()):
        tried += 1
        with mutation.off():
            if not walk(world, actors, only=mutation.only, first=True).wrong:
                missed.append(mutation.name)
    caught = tried - len(missed)
    print(f"\naccess matrix: {whole.cells} cells, {len(whole.wrong)} leaks, {caught}/{tried} mutations caught")
    assert not missed, f"nothing sees the loss of: {missed}"
