"""French text -> tokens. Knows nothing of any shop; language data lives in `language/data/`."""

from chatbot.language.analysis import Analysis, Normalizer
from chatbot.language.data import LanguageData
from chatbot.language.spelling import Vocabulary
from chatbot.language.stemmer import stem
from chatbot.language.tokens import Change, Token

__all__ = ["Analysis", "Change", "LanguageData", "Normalizer", "Token", "Vocabulary", "stem"]
