# Everything right; the student deleted a check that "only printed red text".
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# stock: correlate2d none: without its cell there is nothing to grade; the gradebook holds no number
# deletes: correlate2d-check
# others: one_axis_at_a_time
# %% edge_kernel
def edge_kernel():
    return np.gradient(np.eye(1, 5, 2)[0])[None, 1:-1]
