"""The doors of a programme, by the word of their address."""

from programmes.enums import Side

SIDES = {"accompagner": Side.HELPER, "etre-accompagne": Side.HELPED, "entre-pairs": Side.PEER}
