"""A network counted layer by layer: parameters, connections, multiplications, memory."""
