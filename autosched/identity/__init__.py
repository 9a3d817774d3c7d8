"""People, workspaces, members and log-ins."""
