"""Pairing as pure computation: no Django, no database, no clock, no global random state.

Room by room: `problem` (who, and what is forbidden), `score` (named criteria), `solve` (two exact stages),
`certificate` (proof, made apart from the solver), `explain` (why not, and what would help), `general` (entre pairs),
`dating` (who meets whom), `stable` and `wished` (from secret wishes), `random_mode` (aléatoire contrôlé).
Everything speaks in row numbers of `People`, in canonical order; the caller keeps the way back to its own objects.
"""

# Raise it with every change that can change a proposal: a run is replayed by input hash, seed and this number.
ALGORITHM_VERSION = 3
