"""Groups of the pilotage menu, in order of use: what a référent opens every week first, what is set once last."""

PARTICIPANTS = "Participants"
EVALUATE = "Évaluer"
PROGRAMME = "Le programme"
