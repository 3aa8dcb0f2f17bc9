"""For every route, the objects it is tried on, in one programme of the world.

A new route needs a line here: how each parameter of its address is filled (a name of `Scene.objects`, or a constant
written « =value ») and, where docs/access.yml says « self » or « member », whose the object is. A page that shows
nothing of one employer is `PLAIN`.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Thing:
    """One object of a route.

    owners    parts of the people it is about (« self », « member », « pair-referee », « supervisor »)
    without   audiences of docs/access.yml that its note takes away for this object
    silent    a page that answers but shows no word of the programme (a redirection, a bare form)
    """

    fill: dict[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    silent: bool = False
    # A link shows its holder these words and no others (kinds of readers.py).
    link_reads: tuple[str, ...] = ()
    # What stands for an object that does not exist; a link that leads nowhere may say so.
    gone: int = 404
    # What an open page may answer besides the page or the way to the next one.
    also: tuple[int, ...] = ()
    # RH of an employer that shares the programme reads it as RH of the lead do.
    shared: bool = False
    # The words of `who` mean, on this page: role of actors.py.
    meaning: dict[str, str] = field(default_factory=dict)


# Actors who take part in the programme of their scene; the référent too.
WHO_TAKE_PART = ("helper", "helped", "referent")
PLAIN = "no object of an employer"


def pilot(**fill: str) -> Thing:
    return Thing({"slug": "programme", **fill})


def about(who: str, **fill: str) -> Thing:
    return Thing(fill, owners=(who,))


def team(helper: str = "helper", **fill: str) -> tuple[Thing, ...]:
    """Pages where the deputy reaches the référents' own objects only, and nobody their own."""
    slug = {"slug": "programme", "ref": f"participation-{helper}", **fill}
    return (Thing(slug, without=("deputy",)),)


def letter_of(which: str, **fill: str) -> Thing:
    """A helper's letter, for the référent."""
    return Thing({"slug": "programme", "ref": which, **fill}, without=("deputy",))


def own_letter(**fill: str) -> Thing:
    """The référent's own, handled by the deputy (or another référent)."""
    fill = {"slug": "programme", "ref": "letter-referent", **fill}
    return Thing(fill, owners=("referent",), without=("referent-themself",))


LETTERS = ("helper",)
MEMBERS = ("helper", "helped")
VISA_READS = (
    *(
        "employer.name",
        "employer.neutral_name",
        "person.timed.given",
        "person.timed.family",
        "letter.timed.mission_title",
    ),
    *("person.referent.given", "person.referent.family", "user.referent.email"),
)
SHEET_READS = ("person.helper.given", "programme.name", "employer.name", "employer.neutral_name")

SUPPORT_READS = (
    *("person.timed.given", "supportrequest.timed.reach"),
    *("programme.name", "employer.name", "employer.neutral_name"),
)

PUBLIC_READS = (
    *("employer.name", "employer.neutral_name", "programme.name"),
    *("contact.name", "contact.phone", "contact.email", "contact.hours", "testimony.helper.words"),
)

OBJECTS: dict[str, tuple[Thing, ...] | str] = {
    # --- portal
    "portal:accounts": (Thing({"slug": "employer"}),),
    "portal:hr_home": (Thing({"slug": "employer"}, silent=True),),
    "portal:invitation": (
        Thing({"token": "invitation"}, link_reads=("employer.name", "employer.neutral_name"), gone=410),
    ),
    "portal:switch_space": (
        Thing({"slug": "employer", "key": "=hr"}, meaning={"referent": "both", "deputy": "both", "hr": "both"}),
        Thing({"slug": "employer", "key": "=pilotage"}, meaning={"referent": "both", "deputy": "both", "hr": "both"}),
    ),
    "portal:my_data": (Thing(),),
    **{
        f"portal:{name}": (Thing(silent=name != "export_my_data"),)
        for name in ("correct_my_data", "export_my_data", "erase_my_data", "keep_my_data")
    },
    "portal:news": (Thing(silent=True),),
    "portal:open_news": (about("helper", ref="news"),),
    "portal:read_all_news": (Thing(silent=True),),
    "portal:news_preferences": (Thing(silent=True),),
    "portal:undelivered": (Thing({"slug": "employer"}, silent=True),),
    "portal:send_again": (Thing({"slug": "employer", "ref": "failed-mail"}, silent=True),),
    "portal:retention": (Thing({"slug": "employer"}, silent=True),),
    "portal:my_space": (Thing(),),
    "portal:prolong_session": PLAIN,
    "portal:account": (Thing(silent=True),),
    "portal:after_login": (Thing(silent=True),),
    # --- programmes: the team
    "programmes:mine": (Thing(),),
    "programmes:create": (Thing(meaning={"referent": "opener"}),),
    "programmes:create_from": (Thing({"template": "=pilote"}, meaning={"referent": "opener"}),),
    "programmes:create_again": (Thing({"previous": "programme"}, without=("not-opener",)),),
    **{
        f"programmes:{name}": (pilot(),)
        for name in (
            *("settings_criteria", "settings_words", "framing", "framing_sheet", "maturity", "timeline"),
            "settings_sites",
            *("add_objective", "add_anchor", "outreach", "outreach_plan", "library", "partners", "expenses"),
            *("team", "give_role", "declare_absence", "add_seat", "add_contact", "take_over", "assessments"),
            *("handover", "handover_checklist", "handover_announce", "handover_cancel", "continuity"),
        )
    },
    # The deputy reads them, and may not change them.
    "programmes:settings": (Thing(pilot().fill, also=(403,)),),
    "programmes:agenda": (pilot(move="=creer"),),
    "programmes:calendar_feed": (Thing({"token": "agenda"}, silent=True),),
    # --- programmes: entry without a mailbox
    **{
        f"programmes:{name}": (
            Thing({"slug": "programme"}, link_reads=PUBLIC_READS),
            # Nothing is said of a programme that is being prepared.
            Thing({"slug": "not-open"}, without=("public",)),
        )
        for name in ("public", "talk", "talk_thanks")
    },
    **{f"programmes:{name}": (pilot(),) for name in ("entry_cards", "calls", "on_behalf", "on_behalf_sheet")},
    "programmes:on_behalf_form": (pilot(door="=etre-accompagne"),),
    "programmes:revoke_card": (pilot(ref="EntryCard"),),
    "programmes:called": (pilot(ref="CallBack"),),
    "programmes:handed_paper": (pilot(ref="participation-paper"),),
    "programmes:on_paper": (pilot(ref="participation-paper"),),
    "programmes:said_by_voice": (pilot(ref="participation-paper", move="=pause"),),
    "programmes:new_card": (pilot(ref="participation-paper"),),
    "programmes:change_objective": (pilot(ref="Objective"),),
    "programmes:drop_objective": (pilot(ref="Objective"),),
    "programmes:remove_anchor": (pilot(ref="Anchor"),),
    "programmes:review_objectives": (pilot(exercice="exercice"),),
    "programmes:step_dates": (pilot(number="=1"),),
    "programmes:add_action": (pilot(number="=1"),),
    "programmes:step_item": (pilot(number="item-step", ref="item"),),
    "programmes:deposit_evidence": (pilot(number="item-step", ref="item"),),
    "programmes:evidence": (Thing(pilot(number="item-step", ref="item", piece="Evidence").fill, silent=True),),
    "programmes:remove_evidence": (pilot(number="item-step", ref="item", piece="Evidence"),),
    **{
        f"programmes:outreach_{name}": (pilot(ref="Outreach"),)
        for name in ("action", "change", "cancel", "material", "ask", "forget")
    },
    "programmes:outreach_hide": (pilot(ref="Outreach", testimony="Testimony"),),
    "programmes:outreach_file": (Thing(pilot(ref="Outreach", file="material").fill, silent=True),),
    "programmes:my_testimony": (about("helper", ref="Testimony"),),
    "programmes:erase_text": (about("helped", ref="participation-helped"),),
    **{f"programmes:library_{name}": (pilot(code="library"),) for name in ("adapt", "use", "drop", "document", "pdf")},
    "programmes:library_file": (pilot(code="library", ending="=docx"),),
    # Nothing to put among the pieces until the PDF is made.
    "programmes:library_attach": (Thing(pilot(code="library").fill, also=(404,)),),
    "programmes:end_role": (pilot(ref="role"),),
    "programmes:come_back": (Thing(pilot(ref="Absence").fill, ("referent",), ("referent-else",)),),
    "programmes:remove_seat": (pilot(ref="Seat"),),
    "programmes:contact": (pilot(ref="contact"),),
    "programmes:remove_contact": (pilot(ref="contact"),),
    "programmes:continuity_file": (Thing(pilot().fill, silent=True),),
    "programmes:assessment_validate": (pilot(ref="assessment-asked"),),
    "programmes:assessment_file": (Thing(pilot(ref="assessment").fill, silent=True),),
    "programmes:end_partner": (pilot(employer="partner"),),
    "programmes:expense": (pilot(ref="Expense"),),
    "programmes:hr_expenses": (Thing({"slug": "employer"}),),
    "programmes:hr_expense": (Thing({"slug": "employer", "ref": "Expense"}),),
    "pairing:takeover": (pilot(),),
    "pairing:confirm_takeover": (pilot(),),
    "pairing:takeover_model": (Thing(pilot().fill, silent=True),),
    "programmes:home": (pilot(),),
    "programmes:frame": (pilot(),),
    "programmes:gate_setting": (pilot(code="rule"),),
    "programmes:calendar": (pilot(),),
    "programmes:charter": (pilot(),),
    "programmes:charter_version": (pilot(ref="charter"), pilot(ref="charter-draft")),
    "programmes:charter_in_force": (pilot(ref="charter-draft"),),
    "programmes:charter_drop": (pilot(ref="charter-draft"),),
    "programmes:requests": (pilot(),),
    "programmes:participation": (
        *(Thing({"slug": "programme", "ref": f"participation-{who}"}, (who,), ("deputy",)) for who in MEMBERS),
        pilot(ref="participation-referent"),
    ),
    "programmes:decide_readiness": (*team(), pilot(ref="participation-referent")),
    "programmes:answer": (*team("asking"), pilot(ref="participation-referent")),
    "programmes:interview": (
        *team(),
        Thing({"slug": "programme", "ref": "participation-referent"}, ("referent",), ("referent-themself",)),
    ),
    "programmes:mention_done": team(mention="MentionRequest"),
    "programmes:steps": (pilot(),),
    "programmes:step": (pilot(number="=1"),),
    "programmes:move_step": (pilot(number="=1", move="=commencer"),),
    "programmes:training": (pilot(),),
    "programmes:training_session": (
        Thing(pilot(ref="training").fill, without=("deputy",)),
        pilot(ref="training-referent"),
    ),
    "programmes:training_sheet": (pilot(ref="training"),),
    "programmes:training_counts": (pilot(ref="training"),),
    "programmes:cancel_training": (pilot(ref="training"),),
    "programmes:put_off_training": (pilot(ref="training"),),
    "programmes:plan_training": (pilot(),),
    "programmes:open": (pilot(),),
    "programmes:letters": (pilot(),),
    "programmes:letter": (letter_of("letter"), letter_of("letter-to_manager"), own_letter()),
    "programmes:letter_move": (letter_of("letter-to_manager", move="=relancer"), own_letter(move="=envoyer")),
    "programmes:letter_cancel": (letter_of("letter-to_manager"), own_letter()),
    # Not signed before the portal: its page instead of the form.
    "programmes:letter_paper": (Thing(letter_of("letter").fill, (), ("deputy",), True),),
    "programmes:letter_deposit": (letter_of("letter-to_manager"), own_letter()),
    # Sent already: its page instead of the form.
    "programmes:letter_change": (Thing(letter_of("letter-to_manager").fill, (), ("deputy",), True), own_letter()),
    "programmes:letter_amend": (letter_of("letter"),),
    "programmes:letter_outside": (letter_of("letter"),),
    "programmes:letter_prepare": (
        *team("offering"),
        Thing(own_letter(ref="participation-referent").fill, ("referent",), ("referent-themself",)),
    ),
    # --- programmes: RH
    "programmes:hr_letters": (Thing({"slug": "employer"}),),
    "programmes:hr_letter": (Thing({"slug": "employer", "ref": "letter"}),),
    "programmes:hr_deposit": (Thing({"slug": "employer", "ref": "letter-to_hr"}),),
    "programmes:hr_hand_back": (Thing({"slug": "employer", "ref": "letter-to_hr"}),),
    "programmes:hr_validate": (Thing({"slug": "employer"}, silent=True),),
    # --- programmes: the agent
    "programmes:my_charter": (Thing({"slug": "programme"}, owners=("helper", "helped", "referent")),),
    "programmes:my_participation": (
        about("helped", ref="participation-helped"),
        about("helper", ref="participation-helper"),
    ),
    "programmes:seek_again": (about("helped", ref="participation-helped"),),
    "programmes:visibility": (about("helped", ref="participation-helped"),),
    "programmes:visibilities": (Thing(silent=True),),
    "programmes:avoided": (Thing(silent=True),),
    "programmes:avoid_no_more": (about("helped", ref="Avoid"),),
    "programmes:join_resume": (Thing({"slug": "programme"}, silent=True),),
    "programmes:join_step": (
        Thing({"slug": "programme", "step": "=cote"}),
        Thing({"slug": "programme", "step": "=moi"}, silent=True),
    ),
    "programmes:join_drop": (Thing({"slug": "programme"}, silent=True),),
    "programmes:join_unsure": (Thing({"slug": "programme"}),),
    "programmes:change": (about("helped", ref="participation-helped"),),
    "programmes:pause": (about("helped", ref="participation-helped"),),
    "programmes:withdraw": (about("helped", ref="participation-helped"),),
    "programmes:my_training": (Thing(silent=True),),
    "programmes:statement": (about("helper", ref="participation-helper"),),
    "programmes:ask_mention": (about("helper", ref="participation-helper"),),
    "programmes:withdraw_mention": (about("helper", ref="MentionRequest"),),
    "programmes:certificate": (about("helper", ref="participation-helper"),),
    "programmes:positioning": (Thing({"ref": "participation-helper", "moment": "=avant"}, ("helper",), silent=True),),
    "programmes:erase_positioning": (about("helper", ref="participation-helper"),),
    **{
        f"programmes:{name}": (Thing({"ref": "training"}, owners=("helper",), silent=True),)
        for name in ("training_diary", "register_training", "give_back_training")
    },
    "programmes:my_letter": (about("helper", ref="letter"), about("timed", ref="letter-to_manager")),
    "programmes:my_letter_title": (about("helper", ref="letter"),),
    "programmes:my_letter_changes": (about("helper", ref="letter"),),
    "programmes:my_letter_time": (about("helper", ref="letter"),),
    **{
        f"programmes:my_letter_{name}": (about("helper", ref="letter"),)
        for name in ("refuse", "pause", "resume", "end")
    },
    "programmes:my_letters": (Thing(silent=True),),
    "programmes:my_time": (Thing(silent=True),),
    "programmes:time_certificate": (Thing({"ref": "time"}, owners=("helper",), silent=True),),
    "programmes:time_certificate_file": (Thing({"ref": "time"}, owners=("helper",), silent=True),),
    "programmes:time_certificate_erase": (Thing({"ref": "time"}, owners=("helper",), silent=True),),
    "programmes:my_engagement": (about("helper", ref="participation-helper"),),
    "programmes:join": (Thing({"slug": "programme"}),),
    "programmes:join_group": (Thing({"slug": "programme", "door": "=communaute"}),),
    "programmes:membership": (about("helper", ref="Membership"),),
    "programmes:leave_group": (about("helper", ref="Membership"),),
    "programmes:my_gatherings": (Thing(silent=True),),
    # Everybody with a part in the programme may come; its facilitator counts.
    "programmes:register_gathering": (Thing({"ref": "Gathering"}, owners=("helper", "helped", "referent")),),
    "programmes:count_gathering": (about("supervisor", ref="Gathering"),),
    "programmes:gatherings": (pilot(),),
    "programmes:plan_gathering": (pilot(),),
    **{
        f"programmes:{name}": (pilot(ref="Gathering"),)
        for name in ("gathering", "change_gathering", "cancel_gathering")
    },
    "programmes:join_side": (Thing({"slug": "programme", "door": "=etre-accompagne"}),),
    "programmes:letter_document": (
        Thing({"ref": "letter", "which": "=lettre"}, LETTERS, ("deputy",), silent=True),
        Thing({"ref": "letter-to_manager", "which": "=visa"}, ("timed",), ("deputy", "hr"), silent=True),
        Thing(
            {"ref": "letter-referent", "which": "=lettre"},
            ("referent",),
            ("hr", "self", "referent-themself"),
            silent=True,
        ),
    ),
    "programmes:letter_file": (
        Thing({"ref": "letter", "which": "=lettre"}, LETTERS, ("deputy",)),
        Thing({"ref": "letter", "which": "=visa"}, LETTERS, ("deputy",)),
    ),
    "programmes:visa": (Thing({"token": "visa"}, link_reads=VISA_READS, gone=410),),
    # --- pairing
    "pairing:pairs": (pilot(),),
    "pairing:pilot_pair": (pilot(ref="pair"), pilot(ref="proposal")),
    "pairing:withdraw_proposal": (pilot(ref="proposal"),),
    "pairing:undo_takeover": (pilot(ref="pair"),),
    "pairing:propose": (pilot(),),
    "pairing:refereed": (Thing(),),
    "pairing:runs": (pilot(),),
    "pairing:criteria": (pilot(),),
    **{
        f"pairing:{name}": (pilot(ref="run"),)
        for name in ("run", "act", "put_together", "compare", "discard_run", "publish")
    },
    "pairing:how": (
        Thing({"slug": "programme"}, link_reads=("employer.name", "employer.neutral_name", "programme.name")),
        Thing({"slug": "not-open"}, without=("public",)),
    ),
    # The pair of the world still lives: nothing is asked yet.
    "pairing:search_again": (Thing({"ref": "pair"}, owners=MEMBERS, also=(404,)),),
    "pairing:refereed_pair": (about("referee", ref="pair"),),
    **{
        f"pairing:{name}": (Thing({"ref": "pair"}, owners=MEMBERS),)
        for name in (
            "pair",
            "pause",
            "log_meeting",
            "answer",
            "end",
            "tap",
            "alive",
            "fit",
            "change",
            "frame",
            "answer_frame",
            "dates",
            "answer_dates",
            "month",
        )
    },
    # The agent writes, whoever accompanies reads.
    **{
        f"pairing:{name}": (Thing({"ref": "pair"}, owners=MEMBERS, also=(403,)),)
        for name in ("return_plan", "withdraw_return")
    },
    "pairing:whom_to_ask": PLAIN,
    **{f"pairing:{name}": PLAIN for name in ("notebook", "month_sheet")},
    # No review is asked yet of the pair of the world, nor has a member of it no account: 404 for everybody.
    "pairing:review": (Thing({"ref": "pair", "moment": "=half"}, owners=MEMBERS, silent=True, also=(404,)),),
    "pairing:forget_review": (Thing({"ref": "pair", "moment": "=half"}, owners=MEMBERS),),
    "pairing:paper": (Thing({"ref": "pair"}, silent=True, also=(404,)),),
    "pairing:prefer_opening": (Thing({"ref": "pair"}, owners=MEMBERS),),
    # The pair of the world met before any opening was planned: 404 for its members too.
    "pairing:opening_diary": (Thing({"ref": "pair"}, owners=MEMBERS, silent=True, also=(404,)),),
    **{f"pairing:{name}": (about("referee", ref="pair"),) for name in ("opening", "hold_opening", "hold_point")},
    # The file holds no word of anybody.
    "pairing:appointment_diary": (Thing({"ref": "appointment"}, owners=MEMBERS, silent=True),),
    "pairing:cancel_appointment": (Thing({"ref": "appointment"}, owners=MEMBERS),),
    "pairing:meeting": (Thing({"ref": "meeting"}, owners=MEMBERS),),
    "pairing:remove_meeting": (Thing({"ref": "meeting"}, owners=MEMBERS),),
    "pairing:my_supervision": (Thing(silent=True),),
    "pairing:wish_rounds": (pilot(),),
    "pairing:plan_dating": (pilot(door="=binome"),),
    "pairing:open_wishes": (pilot(door="=binome"),),
    "pairing:dating_screen": (pilot(ref="round", turn="=1"),),
    **{
        f"pairing:{name}": (pilot(ref="round"),)
        for name in ("wish_round", "draw_dating", "dating_sheets", "wish_cards", "close_wishes", "cancel_wishes")
    },
    **{
        f"pairing:{name}": (Thing({"ref": "round"}, owners=MEMBERS),)
        for name in ("my_round", "answer_round", "my_wishes")
    },
    **{f"pairing:{name}": (pilot(),) for name in ("supervision", "plan_supervision", "supervision_setting")},
    "pairing:announce_intervision": (Thing({"slug": "programme"}, owners=("helper",)),),
    "pairing:answer_intervision": (about("helper", ref="intervision"),),
    "pairing:hours": (pilot(),),
    "pairing:my_hours": (about("helper", ref="participation-helper"),),
    "pairing:supervision_cost": (pilot(ref="supervision-held"),),
    "pairing:take_up_need": (pilot(ref="need"),),
    "pairing:say_of_need": (about("helper", ref="need"),),
    "pairing:cancel_supervision": (pilot(ref="supervision"),),
    "pairing:end_supervisor": (pilot(ref="engagement"),),
    "pairing:send_sheet_link": (pilot(ref="supervision-outside"),),
    "pairing:my_sessions": (Thing(silent=True),),
    "pairing:supervision_sheet": (about("supervisor", ref="supervision"),),
    "pairing:sheet_by_link": (Thing({"token": "sheet"}, link_reads=SHEET_READS, gone=410),),
    # --- pairing: support, what worries, problems of the organisation
    "pairing:my_support": (Thing(silent=True),),
    **{
        f"pairing:{name}": (Thing({"slug": "programme"}, owners=("helper", "helped", "referent")),)
        for name in ("ask_support", "worry")
    },
    "pairing:ask_session": (Thing({"slug": "programme"}, owners=("helper",)),),
    "pairing:worry_level": tuple(
        Thing({"slug": "programme", "level": f"={level}"}, owners=("helper", "helped", "referent"), silent=level == 1)
        for level in (1, 3, 4)
    ),
    "pairing:cancel_support": (about("helper", ref="support"),),
    "pairing:my_alert": (about("helper", ref="alert"),),
    # The deputy learns that there is something to take over for, no more.
    "pairing:register": (pilot(),),
    "pairing:review_alerts": (pilot(),),
    "pairing:pilot_support": (pilot(ref="support"),),
    "pairing:alert": (pilot(ref="alert"),),
    "pairing:problems": (pilot(),),
    "pairing:problem": (pilot(ref="problem"),),
    "pairing:hr_problems": (Thing({"slug": "employer"}),),
    "pairing:hr_problem": (Thing({"slug": "employer", "ref": "problem"}),),
    "pairing:support_of_supervisor": (Thing(silent=True),),
    "pairing:supervisor_request": (about("supervisor", ref="support-supervisor"),),
    "pairing:support_by_link": (Thing({"token": "support-link"}, link_reads=SUPPORT_READS, gone=410),),
    # --- evaluation
    "evaluation:my_surveys": (Thing(silent=True),),
    "evaluation:send_survey_again": (about("helped", ref="invitation-to-survey"),),
    "evaluation:surveys": (pilot(),),
    "evaluation:questions": (pilot(),),
    "evaluation:preview_survey": (pilot(public="=encadrants", moment="=fin"),),
    "evaluation:open_survey": (pilot(cycle="cycle", moment="=fin"),),
    "evaluation:open_managers_survey": (pilot(cycle="cycle", moment="=depart"),),
    "evaluation:open_hot_survey": (pilot(session="training"),),
    "evaluation:name_typist": (pilot(wave="wave"),),
    "evaluation:paper_survey": (pilot(wave="wave", side="=helped"),),
    "evaluation:type_answers": (about("colleague", ref="wave"),),
    # Before the last days the sheet leads back to the page that says when.
    "evaluation:type_sheet": (Thing({"ref": "wave", "side": "=helper"}, owners=("colleague",), silent=True),),
    "evaluation:read_texts": (about("admin", ref="wave"),),
    "evaluation:survey_next": (Thing(silent=True),),
    "evaluation:talk": (pilot(cycle="cycle", moment="=fin"),),
    "evaluation:lean_on_previous": (pilot(cycle="cycle"),),
    "evaluation:close_survey": (pilot(wave="wave"),),
    "evaluation:remind_survey": (pilot(wave="wave"),),
    "evaluation:reports": (pilot(),),
    "evaluation:establish": (pilot(exercice="exercice"),),
    "evaluation:restitute": (pilot(release="release"),),
    "evaluation:share_release": (pilot(release="release"),),
    "evaluation:results": (Thing(silent=True),),
    # Opened to the participants; the world's RH reads its own version elsewhere.
    "evaluation:result": (Thing({"ref": "release-open"}, owners=WHO_TAKE_PART),),
    "evaluation:leaflet": (Thing({"ref": "release-open"}, owners=WHO_TAKE_PART, silent=True),),
    "evaluation:hr_reports": (Thing({"slug": "employer"}),),
    **{
        f"evaluation:{name}": (
            Thing({"ref": "report-hr"}, shared=True, silent=name == "report_progress"),
            # No file of it before it is restituted: its page says so instead.
            Thing({"ref": "report-early-hr"}, without=("hr",), silent=name not in ("report", "report_pdf")),
            Thing({"ref": "report-referent"}, without=("hr",), silent=name == "report_progress"),
        )
        for name in ("report", "report_progress", "report_pdf", "report_ods", "report_csv")
    },
    # Sheets of real programmes only: those of an employer here are nobody's.
    "evaluation:reference_sheet": (Thing({"slug": "programme"}, without=("public",)),),
    "evaluation:survey": (Thing({"token": "survey"}, link_reads=("employer.neutral_name",), silent=True),),
}
# Signing in and the account (tests/portal), pages that are the same for everybody, the demonstration's doors.
for name in (
    *("portal:home", "portal:accessibility", "portal:help", "portal:privacy", "portal:about", "portal:legal"),
    *("portal:sitemap", "portal:who_sees", "portal:emergency", "portal:theme", "portal:second_factor"),
    *("portal:no_person", "portal:gallery", "portal:demo_mails", "portal:demo_enter"),
    "evaluation:reference",
    *("programmes:entry", "programmes:entry_welcome"),
    *("pairing:write_with_card", "pairing:written_with_card"),
):
    OBJECTS[name] = PLAIN
PLAIN_PREFIXES = ("account_", "mfa_")
