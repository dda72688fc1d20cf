"""La conversation : posez vos questions, choisissez un sujet, écrivez au service client."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from chatbot.channels.terminal import open_terminal
from chatbot.channels.terminal.log import log_to_file
from chatbot.dialogue import Chatbot, Conversation
from chatbot.errors import UsageError


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--plain", action="store_true", help="texte simple, ligne à ligne (lecteurs d'écran)")
    parser.add_argument("--database", metavar="URL", help="où garder les messages (défaut : CHATBOT_DATABASE_URL)")
    parser.add_argument(
        "--journal", action="store_true", default=None, help="garde, expurgées, les questions mal comprises"
    )


def run(args: Namespace) -> int:
    log_to_file()
    return open_terminal(plain=args.plain).run(_conversation(args))


def _conversation(args: Namespace) -> Conversation:
    """A conversation whose form can be sent, when the libraries that store it are installed."""
    from chatbot.storage import ContactDesk, QuestionJournal, TalkRedactor, check_email, missing_libraries, settings

    chatbot = Chatbot.load(args.kb)
    asked = settings(args.database, journal=args.journal)
    journal = QuestionJournal(
        asked, shop_phone=chatbot.knowledge.contact.phone, knowledge_version=chatbot.knowledge.version
    )
    missing = missing_libraries()
    if missing and (args.journal or args.database):
        raise UsageError(
            f'il manque {", ".join(missing)} ; installez le complément : pip install "chrono-chatbot[contact]"'
        )
    if missing:
        return chatbot.conversation(journal=journal)
    return chatbot.conversation(
        contacts=ContactDesk(asked), journal=journal, redactor=TalkRedactor(), check_email=check_email
    )
