"""What a budget can find, before it is spent: planted targets through the statistics of a run."""
