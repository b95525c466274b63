"""For operators: the command line, the doctor, health endpoints, key rotation, backup and restore.

Only the application imports this room.
"""
