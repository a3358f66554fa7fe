"""People from material: documents, interviews and logged conversations become stakeholders, and these become people."""
