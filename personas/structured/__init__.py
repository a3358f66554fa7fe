"""People with typed fields: tiers of detail, the Big Five, the scenario lattice."""
