"""What people do until every page, mail and sentence has been on a screen, mistakes among it.

Nothing is looked at here: whoever calls listens to all that is answered (tests.languages.walker).
"""
