"""For operators: the command line, doctor, health addresses, key rotation.

Nothing imports this room but the application.
"""
