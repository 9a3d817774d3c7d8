"""References in a workspace: videos and pictures whose style is measured in a worker and kept."""
