"""Pages that read across rooms: jobs, the connection, a candidate's profile.

Nothing in the story imports a screen.
"""
