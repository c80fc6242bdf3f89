"""Finding: a question -> the tasks that it is about, in memory."""
