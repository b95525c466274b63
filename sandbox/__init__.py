"""A local stand-in for SmartRecruiters and a mail sink.

Run it with ``python -m sandbox --port 5100``. It keeps everything in memory, shares no code with
the product under test, and talks over HTTP and SMTP only. ``sandbox/README.md`` says what is
faithful and what is a guess.
"""
