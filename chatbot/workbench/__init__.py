"""What support staff use: evaluate, explain, lint, prove, compare, review, try."""
