"""Pictures: bars made of text for pages, matplotlib for reports; each with a text alternative and its table."""
