"""Sample companies to try the library on: exchange folders, shipped as they would be written by hand."""
