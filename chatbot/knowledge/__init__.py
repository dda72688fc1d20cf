"""Strict YAML -> KnowledgeBase: what the shop answers (faq.yaml) and how customers ask (intents/*.yaml)."""

from chatbot.knowledge.model import Answer, Contact, Expression, FollowUp, Intent, KnowledgeBase, Phrasing, Role

__all__ = ["Answer", "Contact", "Expression", "FollowUp", "Intent", "KnowledgeBase", "Phrasing", "Role"]
