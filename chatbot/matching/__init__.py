"""Utterance -> Match: pure functions and one Matcher."""

from chatbot.matching.matcher import Matcher
from chatbot.matching.model import Candidate, Decision, Evidence, Match, Neighbour, Reason
from chatbot.matching.thresholds import Thresholds

# `explain` lives in chatbot.matching.explanation, the compiler in chatbot.matching.compiler: a plain match needs neither.
__all__ = ["Candidate", "Decision", "Evidence", "Match", "Matcher", "Neighbour", "Reason", "Thresholds"]
