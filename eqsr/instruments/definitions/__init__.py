"""The questionnaires and games as data (texts, keys, norms, manifests), and their checks."""
