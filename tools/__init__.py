"""Tools of the developers: what is made from the sources, and what is looked up about them."""
