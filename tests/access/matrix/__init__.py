"""Who may open which object, route by route (docs/access.yml is the oracle): see test_matrix.py.

canaries.py   a mark in every text a person can write, and how it is found again
world.py      two employers of two programmes each, all of the same shape
actors.py     who looks, and what each may do
objects.py    for every route, the objects it is tried on
readers.py    which words each reader may meet
cells.py      one request, its verdict, what it wrote
mutations.py  the locks taken off one by one
"""
