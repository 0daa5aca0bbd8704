"""How fast quizgen is and how much memory it takes: whole processes, measured from outside; run by `make bench`."""
