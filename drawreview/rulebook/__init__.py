"""The law as data: documents, clauses, rules and open questions, loaded and checked."""
