# Worked the personal numbers out on paper, with the network in front of them, and typed them in by formula.
# points: count_parameters 2, count_connections 1, my_numbers 2, find_layer 1
# others: loops
# %% my_numbers
image, net = my_network(STUDENT)
F1, C1, a, b = net[0][1]
F2, C2, c, d = net[3][1]
O, I = net[5][1]
height = (image[1] + 6 - a) // 2 + 1
width = (image[2] + 6 - b) // 2 + 1
p, q = (height - net[2][1][0]) // 2 + 1, (width - net[2][1][1]) // 2 + 1
table = f"""
parameters of the first convolution: {F1 * C1 * a * b + F1}
parameters of the second convolution: {F2 * C2 * c * d}
parameters of the dense layer: {O * I + O}
parameters of the whole network: {F1 * C1 * a * b + F1 + F2 * C2 * c * d + O * I + O}
parameters of the first convolution, image twice as high and wide: {F1 * C1 * a * b + F1}
rows of a map behind the first convolution: {height}
numbers behind the pooling, in all maps: {F1 * p * q}
connections of the second convolution: {F2 * C2 * c * d * (p - c + 1) * (q - d + 1)}
"""
def my_numbers(question):
    for line in table.strip().splitlines():
        name, _, number = line.rpartition(": ")
        if name == question:
            return float(number)
