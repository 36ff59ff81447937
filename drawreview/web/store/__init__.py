"""What the pages keep beside the journal: users, sessions, tokens, projects, the audit log."""
