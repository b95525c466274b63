"""Takes a picture of every page and mail.

``walk`` holds the order; each other module follows one kind of person.
"""
