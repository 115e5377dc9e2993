# Copied a friend's notebook with the friend's id in it, and answered nothing else.
# points: count_parameters 0, count_connections 0, my_numbers 0, find_layer 0
# stock: my_numbers 2: it asks about the friend's id, which stands in the notebook
# student: a-friend
# %% my_numbers
def my_numbers(question):
    (c, h, w), (first, _, pooling, second, _, dense) = my_network(STUDENT)
    weights = lambda layer: int(np.prod(layer[1])) + layer[1][0] * layer[-1]
    one, two, last = map(weights, (first, second, dense))
    rows, columns = [(n + 2 * first[3] - k) // first[2] + 1 for n, k in zip((h, w), first[1][2:])]
    y, x = [(n - k) // pooling[2] + 1 for n, k in zip((rows, columns), pooling[1])]
    reads = (y - second[1][2] + 1) * (x - second[1][3] + 1) * two
    order = [one, two, last, one + two + last, one, rows, first[1][0] * y * x, reads]
    words = ["parameters of the first convolution", "parameters of the second convolution", "parameters of the dense layer",
             "parameters of the whole network", "parameters of the first convolution, image twice as high and wide",
             "rows of a map behind the first convolution", "numbers behind the pooling, in all maps", "connections of the second convolution"]
    return dict(zip(words, order))[question]
