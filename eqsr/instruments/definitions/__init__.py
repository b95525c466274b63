"""The questionnaires and games as data: texts, keys, norms, manifests, and checks of them."""
