"""Templates that people keep: in the workspace with all their versions, and as files."""
