"""Known biases of simulated people, as measurements: pulled to the middle, caricatured, framed, unstable, of one mind."""
