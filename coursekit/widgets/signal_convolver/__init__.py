"""One signal dragged over another: products, area, output, and the row of the matrix behind each output."""
