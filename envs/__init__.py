"""Where: conversation environments, visibility, the target's view, scenarios."""
