"""Documents for the eye: one view of an invoice, in words and figures, and renderers that lay it out."""
