"""Going through the proposals of a review with someone at the keyboard: accept, edit, reject, one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from chatbot.workbench.explaining import printable
from chatbot.workbench.journal_review import Group

_HELP = "[a] ajouter  [m] modifier  [i] autre intention  [r] rejeter  [s] groupe suivant  [q] terminer"

Ask = Callable[[str], str]
Tell = Callable[[str], None]


def decide(groups: Sequence[Group], intents: Collection[str], ask: Ask, tell: Tell) -> list[tuple[str, str]]:
    """The (intent, phrasing) pairs accepted. `ask` gives a line typed, and may raise EOFError: that ends the review."""
    accepted: list[tuple[str, str]] = []
    try:
        for number, group in enumerate(groups, 1):
            tell(described(group, number, len(groups)))
            if not _decide_group(group, intents, ask, tell, accepted):
                break
    except EOFError:
        tell("")
    return accepted


def described(group: Group, number: int, total: int) -> str:
    """A group as text: what it shares, what was asked, what is proposed."""
    asked = f"{group.times} question{'s' * (group.times > 1)}"
    lines = [
        f"\n[{number}/{total}] {asked} autour de « {', '.join(group.words)} » -> {group.intent or 'question nouvelle ?'}"
    ]
    for question in group.questions[:6]:
        near = ", ".join(f"{intent} {confidence:.2f}" for intent, confidence in question.candidates[:2])
        lines.append(f"   {question.times:3d} × {printable(question.text)}   ({near or 'rien de proche'})")
    if len(group.questions) > 6:
        lines.append(f"         … et {len(group.questions) - 6} autres")
    return "\n".join(lines)


def _decide_group(
    group: Group, intents: Collection[str], ask: Ask, tell: Tell, accepted: list[tuple[str, str]]
) -> bool:
    """False when the review is to end."""
    intent = group.intent
    for phrasing in group.phrasings:
        text = phrasing
        while True:
            tell(f"  « {printable(text)} » -> {intent or '?'}    {_HELP}")
            answer = ask("> ").strip().lower()
            if answer == "m":
                text = ask("  nouvelle formulation : ").strip() or text
            elif answer == "i":
                intent = _intent(intents, ask, tell) or intent
            elif answer == "a" and intent:
                accepted.append((intent, text))
                break
            elif answer == "a":
                tell("  choisissez d'abord une intention ([i])")
            elif answer == "r":
                break
            elif answer == "s":
                return True
            elif answer == "q":
                return False
    return True


def _intent(intents: Collection[str], ask: Ask, tell: Tell) -> str:
    name = ask("  intention : ").strip()
    if name in intents:
        return name
    tell(f"  inconnue ; au choix : {', '.join(sorted(intents))}")
    return ""
