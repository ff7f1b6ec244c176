"""What is refused, by a code."""

from __future__ import annotations

from typing import Any, TypeVar

from tilsyn.errors import TilsynError
from tilsyn.words import Message, gettext_noop

Refusal = TypeVar("Refusal", bound=TilsynError)

REFUSALS = {
    "not_allowed": gettext_noop("{user} may not {permission}{place}"),
    "cpr_number": gettext_noop(
        "what is written holds what looks like a CPR number; write the citizen's case reference instead; nothing was kept"
    ),
    # Cases
    "changed_meanwhile": gettext_noop(
        "case {case} has been changed by somebody else meanwhile; look again"
    ),
    "taken_up_already": gettext_noop("case {case} is taken up already"),
    "closed": gettext_noop("case {case} is closed"),
    "closed_for_more": gettext_noop(
        "the case is closed; nothing more is added but notes and corrections"
    ),
    "begins_with_opening": gettext_noop("a case begins with its opening"),
    "may_not_work_on": gettext_noop("{user} may not work on cases of {place}"),
    "note_empty": gettext_noop("the note is empty"),
    "may_not_open": gettext_noop("{user} may not open cases"),
    # Corrections
    "correction_without_reason": gettext_noop("say why it is corrected"),
    "not_correctable": gettext_noop("an event of the kind '{kind}' is not corrected"),
    "only_the_day": gettext_noop("of an event of the kind '{kind}' only the day can be corrected"),
    "nothing_corrected": gettext_noop("say what is right"),
    "nothing_to_correct": gettext_noop(
        "there is no event {event} to correct, or it has been struck"
    ),
    "opening_struck": gettext_noop("the opening cannot be struck; drop the case instead"),
    "correct_what_followed": gettext_noop(
        "event {event} belongs to the step {step}, but the case would then stand at {now}: correct what followed first"
    ),
    # How steps end
    "no_such_outcome": gettext_noop(
        "the step {step} cannot end with '{outcome}'; it ends with {known}"
    ),
    "note_needed_unproposed": gettext_noop(
        "a note is needed: the rule has not proposed this outcome"
    ),
    "note_needed_by_hand": gettext_noop("a note is needed: it was sent by hand"),
    "draft_to_be_sent": gettext_noop("there is a draft: the step ends when it is sent"),
    "not_received": gettext_noop("not received yet: {what}"),
    "not_checked": gettext_noop("not checked yet: {points}"),
    "letters_of_the_year": gettext_noop(
        "{place} has been sent {count} letters in a year, and the course allows {limit}; the next can be sent on {day}"
    ),
    # Documents
    "no_document_here": gettext_noop("case {case} stands at a step that sends no document"),
    "facts_not_fixed": gettext_noop("the facts of this letter are not fixed yet; fix them first"),
    "figures_say_otherwise": gettext_noop(
        "'{settled}' was recorded, but the figures say otherwise, so the letter cannot be made from them; correct the outcome, or write it by hand and record that it was sent"
    ),
    "kind_not_available": gettext_noop(
        "the document '{kind}' is not available in this version; there are {known}. Write it by hand and record how the step ended"
    ),
    "no_such_paragraph": gettext_noop("number {number} is no paragraph of '{title}'"),
    "no_longer_rewritten": gettext_noop("{title} can no longer be rewritten"),
    "replaced_meanwhile": gettext_noop("{title} has been replaced meanwhile; look again"),
    "drafted_by_another": gettext_noop("somebody else has just drafted it in case {case}"),
    "own_draft": gettext_noop("whoever drafted a document may not approve it; ask a colleague"),
    "numbers_in_doubt": gettext_noop(
        "these numbers do not agree with the letter's figures: {numbers}; acknowledge them, or send the draft back"
    ),
    "comment_empty": gettext_noop("say what is to be mended"),
    "returned_already": gettext_noop("{title} has been sent back to whoever drafted it"),
    "approved_already": gettext_noop("{title} has been approved by {user} already"),
    "sent_already": gettext_noop("{title} has been sent by {user} already"),
    "replaced_by_newer": gettext_noop("{title} has been replaced by a newer draft; look again"),
    "not_approved_yet": gettext_noop("{title} is not approved yet"),
    "no_such_form": gettext_noop("there is no '{form}' of {title}"),
    "file_missing": gettext_noop(
        "{file}: a stored document is missing; restore it from the backup"
    ),
    "file_damaged": gettext_noop(
        "{file}: a stored document has been damaged; restore it from the backup"
    ),
    # What is received
    "type_not_taken": gettext_noop("'{name}' is not taken; send {types}"),
    "too_large": gettext_noop("'{name}' is larger than {limit} MB"),
    "upload_empty": gettext_noop("'{name}' is empty"),
    "upload_macros": gettext_noop("'{name}' holds macros; save it without them"),
    "upload_unpacks": gettext_noop(
        "'{name}' is packed so that it becomes far too large when opened; send it as PDF"
    ),
    "not_what_it_says": gettext_noop("'{name}' is not what its name says; save it again as {type}"),
    "not_waited_for": gettext_noop("case {case} does not wait for a {kind}"),
    "no_such_point": gettext_noop("'{point}' is no point of the checklist: {known}"),
    "not_about": gettext_noop("{what} is not what case {case} is about"),
    "milestone_there": gettext_noop("a milestone for {what}, {month} is noted already"),
    # Assistance and the committee's report
    "no_such_quarter": gettext_noop("'{what}' is no municipality and quarter"),
    "no_such_answer": gettext_noop("'{status}' is no answer: {known}"),
    "no_such_assistance": gettext_noop("'{kind}' is no kind of assistance: {known}"),
    "contacted_when": gettext_noop("say when the municipality was contacted"),
    "accepted_without_yes": gettext_noop(
        "a day of acceptance is given, but the offer is not accepted"
    ),
    "accepted_before_contact": gettext_noop(
        "the offer cannot be accepted before the municipality was contacted"
    ),
    "entry_changed_meanwhile": gettext_noop(
        "the entry has been changed by somebody else meanwhile; look again"
    ),
    "no_report_due": gettext_noop("the report of this quarter has been sent, or none is due"),
    # Courses from elsewhere
    "no_such_course": gettext_noop("'{what}' is no course and municipality"),
    "course_without_letter": gettext_noop(
        "the course does not begin with a letter, so it cannot be brought in"
    ),
    "letter_about_what": gettext_noop(
        "say what the letter was about: its months, measures and groups"
    ),
    "letter_later_than_today": gettext_noop("the letter's date is later than today"),
    "letter_follow_up": gettext_noop(
        "say which months the letter named for the follow-up, and by when"
    ),
    "matter_taken": gettext_noop("{place} has a case on one of these matters already"),
    # Releases
    "release_not_approved": gettext_noop("the release {release} is not approved for use"),
    "refused_why": gettext_noop("say why the release is refused"),
    "release_approved_by": gettext_noop("the release {release} was approved by {user}"),
    "release_refused_by": gettext_noop("the release {release} was refused by {user}"),
    "release_name_taken": gettext_noop(
        "another release called {release} is known already; a correction needs a name of its own"
    ),
    "release_unreadable": gettext_noop(
        "{file}: cannot be read ({cause}); restore it from the backup"
    ),
    # Users and letterheads
    "user_there": gettext_noop("there is a user {email} already"),
    "password_weak": gettext_noop("the password: {why}"),
    "shut_out_himself": gettext_noop("nobody shuts himself out"),
    "own_area_only": gettext_noop("{user} gives and takes roles within his own area only"),
    "letterhead_not_his": gettext_noop("{user} may not change the letterhead of {office}"),
    # Call-in plans
    "no_register": gettext_noop(
        "the installation has no register; load one and say in the setting REGISTER where it is"
    ),
    "register_moved": gettext_noop(
        "the register has been loaded anew since the plan was asked for; ask again"
    ),
    "plans_waiting": gettext_noop(
        "several plans are waiting to be made already; try again in a moment"
    ),
    "plan_not_made": gettext_noop("the plan is not made yet"),
    "plan_gone": gettext_noop(
        "the plan's files are gone, or another version of the program wrote them; make a new plan"
    ),
    "no_purpose": gettext_noop("say what the purpose is; it is written in the log"),
}
"""What a refusal says, by its code. In Danish it is a sentence that stands on a page."""


def refused(kind: type[Refusal], code: str, /, **slots: Any) -> Refusal:
    """An error of a kind: plain for programs and logs, in every language for a page.

    Args:
        kind: what sort of error it is.
        code: one of `REFUSALS`.
        slots: what stands in its words, see `words.Message`.
    """
    error = kind(Message(REFUSALS[code], **slots))
    error.code = code
    return error
