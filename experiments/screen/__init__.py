"""What a person sees in a terminal: tables, sentences, transcripts, progress."""
