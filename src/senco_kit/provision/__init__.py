"""The provision map: what provision costs, whether it was delivered, whether it worked, and how sure one can be."""
