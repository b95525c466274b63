"""What every part of the program stands on: settings, database, clock, security, logs, formats.

Knows no room. Every module here is public.
"""
