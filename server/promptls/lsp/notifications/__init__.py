"""What the client tells without asking: one file per subject. A handler may change the session, and answers nothing."""
