# Everything right, but for the network of nobody: the id was never put in.
# points: count_parameters 2, count_connections 1, my_numbers 0, find_layer 1
# stock: my_numbers 2: it asks about the id that stands in the notebook, whoever handed it in
# student: left as it was
# others: loops
