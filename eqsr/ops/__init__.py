"""For operators: the command line, the doctor, health endpoints and key rotation.

Only the application imports this room.
"""
