"""The contact form: name, e-mail, order number, message, a last look, and only then the request. Pure as every turn."""

from __future__ import annotations

from dataclasses import replace

from chatbot.dialogue import corrections, last_look, options, scenes
from chatbot.dialogue.addresses import meant_email
from chatbot.dialogue.desk import Desk, Said
from chatbot.dialogue.fields import FIELDS, REVIEW, read
from chatbot.dialogue.folded import words_of
from chatbot.dialogue.order_numbers import has_phone
from chatbot.dialogue.ports import ContactRequest
from chatbot.dialogue.reply import Reply, ReplyKind, Section
from chatbot.dialogue.state import ConversationState, Form, Turn

# In words; where a message is awaited, a longer one is the message.
_LONGEST_COMMAND = 2
_LONGEST_LABEL = 4
_LEAST_OF_A_MESSAGE = 5
_PROMPTS = {"name": "formulaire_nom", "email": "formulaire_email", "order": "formulaire_commande"}
_REFUSALS = {field: f"formulaire_{name}_refuse" for field, name in options.FIELDS.items()}
_REASONS = {field: f"formulaire_{name}_pourquoi" for field, name in options.FIELDS.items()}


def start(desk: Desk, state: ConversationState) -> Turn:
    """Opens the form; where none can be filled here, tells where it is and the number."""
    if not desk.voice.form_here:
        return scenes.hand_over(desk, scenes.understood(state), "formulaire_ailleurs")
    fresh = scenes.understood(state)._replace(form=Form(), place="")
    return _ask(desk, fresh, "formulaire_debut")


def advance(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """The turn of a form being filled."""
    form = state.form or Form()
    if form.step in ("name", "message"):
        # A name and a message are anybody's words: none of them is respelt into a command.
        said = said._replace(cues=desk.cues.heard(said.text, strange=frozenset()))
    free_text = form.step == "message" and len(said.text.split()) > _LONGEST_COMMAND
    if corrections.gives_up(form, said):
        return _given_up(desk, state, said)
    if not free_text:
        if "recommencer" in said.cues:
            return start(desk, state)
        if "menu" in said.cues:
            return _left(desk, state)
        if "retour" in said.cues:
            return _previous(desk, state, form)
        if "attente" in said.cues:
            return _ask(desk, state, "attente")
        again = "repeter" in said.cues and "pourquoi" not in said.cues and form.step != "name"
        if "aide" in said.cues or again:
            return _ask(desk, state, "formulaire_debut")
    return _review(desk, state, said) if form.step == REVIEW else _field(desk, state, form, said)


def _given_up(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """The form closed; with the number for who would rather phone."""
    if any(word.startswith(("appel", "telephon")) for word in words_of(said.text)):
        return scenes.hand_over(desk, state._replace(form=None, options=()), "formulaire_quitte")
    return cancel(desk, state)


def ask_again(desk: Desk, state: ConversationState) -> Turn:
    """The field being filled, asked once more."""
    return _ask(desk, state)


def cancel(desk: Desk, state: ConversationState) -> Turn:
    """Leaves the form; nothing was sent, nothing of it is kept."""
    return scenes.simple(desk, state._replace(form=None, options=()), ReplyKind.COURTESY, "formulaire_annule")


def _left(desk: Desk, state: ConversationState) -> Turn:
    """The menu instead of the form, and a word on what became of the form."""
    return scenes.menu(desk, state._replace(form=None), "formulaire_quitte")


def _field(desk: Desk, state: ConversationState, form: Form, said: Said) -> Turn:
    """Takes one field, then asks for the next; a value that will not do is asked for again, with the reason."""
    offered = _offered(state, form)
    if offered:
        action = _offered_action(desk, said, offered)
        if action == "reuse":
            return _keep(desk, state, form._replace(message=state.question))
        if action == "rewrite":
            return _ask(desk, state._replace(question=""))
    several = corrections.several_fields(desk, form, said)
    if several is not None:
        return _keep(desk, state, several) if several.name else _ask(desk, state._replace(form=several))
    other = corrections.another_field(desk, form, said)
    if other is not None:
        note = () if other.step != form.step else ("formulaire_corrige",)
        return _ask(desk, state._replace(form=other, misses=0), *note)
    value = read(desk, form.step, said)
    if value is None:
        return _refused(desk, state, form, said)
    return _keep(desk, state, Form(**{**form._asdict(), form.step: value}))


def _refused(desk: Desk, state: ConversationState, form: Form, said: Said) -> Turn:
    """The field asked again, with why; from the second time in a row on, with the ways out."""
    tried = state._replace(misses=state.misses + 1)
    if form.step == "name" and "pourquoi" not in said.cues and len(said.text.split()) >= _LEAST_OF_A_MESSAGE:
        # A message written too early: offered again where one is asked for.
        tried = tried._replace(question=said.text)
    if form.step == "email" and said.cues & {"sans_email", "passer", "refus_donner"}:
        turn = _ask(desk, tried, "formulaire_sans_email")
        return turn._replace(reply=replace(turn.reply, contact=desk.voice.reachable))
    if form.step == "name" and "non" in said.cues:
        return cancel(desk, state)
    key = _REFUSALS[form.step]
    if "payant" in said.cues:
        key = "formulaire_gratuit"
    elif said.cues & {"pourquoi", "refus_donner"} or ("?" in said.text and form.step in ("email", "order")):
        key = _REASONS[form.step]
    elif form.step == "order" and has_phone(said.text):
        key = "formulaire_commande_telephone"
    return _ask(desk, tried, key, *(("formulaire_sortie",) if tried.misses > 1 else ()))


def _offered_action(desk: Desk, said: Said, offered: tuple[str, ...]) -> str | None:
    """What of « take this question up » and « write another message » was meant; None for a message."""
    number = options.number_in(desk, said, len(offered))
    if number is not None and 1 <= number <= len(offered):
        return offered[number - 1]
    if said.cues & {"oui", "comme_dit"}:
        return "reuse"
    if "non" in said.cues:
        return "rewrite"
    return options.by_part(desk, said, offered, least=1.0) if len(said.text.split()) <= _LONGEST_LABEL else None


def _keep(desk: Desk, state: ConversationState, form: Form) -> Turn:
    left = () if form.editing else FIELDS[FIELDS.index(form.step) + 1 :]
    step = next((field for field in left if not getattr(form, field)), REVIEW)
    return _ask(desk, state._replace(form=form._replace(step=step, editing=False), misses=0))


def _previous(desk: Desk, state: ConversationState, form: Form) -> Turn:
    if form.editing:
        return _ask(desk, state._replace(form=form._replace(step=REVIEW, editing=False)))
    if form.step == FIELDS[0]:
        return cancel(desk, state)
    index = len(FIELDS) if form.step == REVIEW else FIELDS.index(form.step)
    return _ask(desk, state._replace(form=form._replace(step=FIELDS[index - 1])))


def _review(desk: Desk, state: ConversationState, said: Said) -> Turn:
    """The last look: send, correct a field, or cancel. Sends only at what can mean nothing else."""
    form = state.form or Form()
    given = corrections.given(desk, form, said)
    if given is not None:
        return _ask(desk, state._replace(form=given))
    number = options.number_in(desk, said, len(last_look.OPTIONS))
    if number is not None and not 1 <= number <= len(last_look.OPTIONS):
        told = desk.voice.paragraphs("numero_hors_liste", nombre=str(len(last_look.OPTIONS)))
        return _look(desk, state, form, told)
    action = last_look.OPTIONS[number - 1] if number else last_look.spoken(desk, said)
    longer = last_look.added(desk, form, said) if action == "laquelle" else None
    if longer is not None:
        return _ask(desk, state._replace(form=longer), "formulaire_ajoute")
    verb, _, field = action.partition(":")
    if verb == "fix":
        editing = form._replace(step=field, editing=True)
        return _ask(desk, state._replace(form=editing))
    if verb == "cancel":
        return cancel(desk, state)
    return _request(desk, state, form) if verb == "send" else _ask(desk, state, action)


def _request(desk: Desk, state: ConversationState, form: Form) -> Turn:
    """Asks for the request to be stored; until it is, the form stays open and this turn's reply is the apology."""
    request = ContactRequest(form.name, form.email, form.order, form.message)
    if not (form.name and form.email and form.message):
        return _ask(desk, state._replace(form=form._replace(step="name")))
    turn = _ask(desk, state, "formulaire_echec")
    return turn._replace(reply=replace(turn.reply, contact=desk.voice.reachable), request=request)


def _ask(desk: Desk, state: ConversationState, *before: str) -> Turn:
    """The question of the step the form is at, after messages."""
    form = state.form or Form()
    intro = tuple(paragraph for key in before for paragraph in desk.voice.paragraphs(key))
    if form.step == REVIEW:
        return _look(desk, state, form, intro)
    offered = _offered(state, form)
    if form.step != "message":
        question = desk.voice.paragraphs(_PROMPTS[form.step])
    elif offered:
        question = desk.voice.paragraphs("formulaire_message_offert", question=state.question)
    else:
        question = desk.voice.paragraphs("formulaire_message")
    hint = "formulaire_suite_debut" if form.step == FIELDS[0] and not form.editing else "formulaire_suite"
    return _shown(desk, state, Section("", (*intro, *question)), offered, hint)


def _look(desk: Desk, state: ConversationState, form: Form, intro: tuple[str, ...]) -> Turn:
    meant = meant_email(desk, form.email)
    doubt = desk.voice.paragraphs("formulaire_email_verifier", adresse=meant) if meant else ()
    lines = [f"- {_field_label(desk, field)} : {_value(desk, form, field)}" for field in FIELDS]
    paragraphs = (*intro, *desk.voice.paragraphs("formulaire_relire"), "\n".join(lines))
    section = Section("", (*paragraphs, *doubt, *desk.voice.paragraphs("formulaire_consentement")))
    return _shown(desk, state, section, last_look.OPTIONS, "formulaire_relire_suite")


def _shown(desk: Desk, state: ConversationState, section: Section, offers: tuple[str, ...], hint: str) -> Turn:
    reply = Reply(
        ReplyKind.FORM, (section,), options.choices(desk, offers), hint=desk.voice.say(hint), suggestions=("annuler",),
        knowledge_version=desk.voice.knowledge.version,
    )  # fmt: skip
    return Turn(state._replace(expects="", options=()), reply)


def _offered(state: ConversationState, form: Form) -> tuple[str, ...]:
    return ("reuse", "rewrite") if form.step == "message" and state.question and not form.editing else ()


def _field_label(desk: Desk, field: str) -> str:
    return desk.voice.say(f"formulaire_champ_{options.FIELDS[field]}")


def _value(desk: Desk, form: Form, field: str) -> str:
    value: str = getattr(form, field)
    return " ".join(value.split()) if value else desk.voice.say("formulaire_sans_commande")
