"""Who: traits, questionnaires, personas, generators, coverage."""
