"""What ``generate``, ``coverage`` and their neighbours do: people made, measured, compared and probed."""
