"""The command line and the exchange folder it bills."""
