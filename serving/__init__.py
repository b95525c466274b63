"""How requests arrive, before the product sees them. Imports nothing of the product, so that
gunicorn's first process, which loads this, can reload the product."""
