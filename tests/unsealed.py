"""Somebody who means to: the triggers that seal the books are dropped, and everything can be changed by hand."""


def unseal(connection):
    """Drop the triggers of a SQLite database."""
    triggers = connection.execute("select name from sqlite_master where type = 'trigger'").fetchall()
    for (name,) in triggers:
        connection.execute(f"drop trigger {name}")
