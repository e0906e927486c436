"""Loading on one panel: from files to a snapshot, with the questions that only the user can answer."""
