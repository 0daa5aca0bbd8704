"""quizgen: one question bank, every exam: PDF, Word and Moodle from the same YAML."""

__version__ = "0.1.0"
