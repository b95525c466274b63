"""A picture of every page and mail. ``walk`` says in which order; each other module goes along with
one kind of person."""
