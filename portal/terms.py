"""The words a programme may adapt (decision 11): a closed list, each with its singular and its plural."""

TERMS: dict[str, tuple[str, str]] = {
    "pair_aidant": ("pair-aidant·e", "pairs-aidants"),
    "pair_aide": ("agent accompagné", "agents accompagnés"),
    "binome": ("binôme", "binômes"),
    "rencontre": ("rencontre", "rencontres"),
    "temps_collectif": ("temps collectif", "temps collectifs"),
    "lettre_de_mission": ("lettre de mission", "lettres de mission"),
    "charte": ("charte", "chartes"),
    "supervision": ("supervision", "supervisions"),
    "referent": ("référent·e handicap", "référent·es handicap"),
    "accompagnement": ("accompagnement", "accompagnements"),
    # What somebody who only gives time may read about the référent·e: nothing on handicap.
    "fonction_neutre": ("chargé·e de mission", "chargé·es de mission"),
}


def term(key: str, words: dict | None = None, *, plural: bool = False) -> str:
    """The word for `key`; `words` is `Programme.words`: {"binome": "duo"} or {"binome": ["duo", "duos"]}."""
    default = TERMS[key]
    own = (words or {}).get(key)
    if not own:
        return default[plural]
    if isinstance(own, str):
        return own if not plural or own.endswith(("s", "x")) else own + "s"
    return own[min(int(plural), len(own) - 1)]
