"""The connection page: the state of the connection, its problems and what to do about them."""
