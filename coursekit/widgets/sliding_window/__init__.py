"""A window that slides over an input, with its products and their sum."""
