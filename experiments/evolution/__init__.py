"""Evolution driven from here: programs are run, measured and played by many processes."""
