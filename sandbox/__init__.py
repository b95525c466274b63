"""A local stand-in for SmartRecruiters and a mail sink.

Run it with ``python -m sandbox --port 5100``. It keeps everything in memory, shares no code with
the product that it tests, and is reached over HTTP and SMTP only. ``sandbox/README.md`` tells what
is faithful and what is a guess.
"""
