# Answers as text with thousands separators where a number was asked for; the rest right.
# points: count_parameters 0, count_connections 1, my_numbers 1, find_layer 1
# others: network_object
# %% count_parameters
def count_parameters(layers):
    return f"{sum(Layer((), layer).weights + Layer((), layer).biases for layer in layers):,}"
# %% my_numbers
def my_numbers(question):
    if question.startswith("parameters"):
        return "about a thousand"
    (c, h, w), layers = my_network(STUDENT)
    return {
        "rows of a map behind the first convolution": lambda: list(network((c, h, w), layers))[0].behind[1],
        "numbers behind the pooling, in all maps": lambda: int(np.prod(list(network((c, h, w), layers))[2].behind)),
        "connections of the second convolution": lambda: list(network((c, h, w), layers))[3].connections,
    }[question]()
