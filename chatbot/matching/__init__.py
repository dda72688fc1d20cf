"""Utterance -> Match: pure functions and one Matcher."""

from chatbot.matching.matcher import Matcher
from chatbot.matching.model import Candidate, Decision, Evidence, Match, Neighbour
from chatbot.matching.thresholds import Thresholds

__all__ = ["Candidate", "Decision", "Evidence", "Match", "Matcher", "Neighbour", "Thresholds"]
