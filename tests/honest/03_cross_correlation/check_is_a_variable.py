# Uses `check` and `page` as names for own results: everything after that is graded all the same.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# stock: edge_kernel 0: `check` is the student's number by now, and a number cannot be called
# stock: match_template 0: as edge_kernel
# stock: test_correlate2d 0: as edge_kernel
# others: windows
# %% new above edge_kernel
page = 1
check = correlate2d(np.eye(4), np.ones((2, 2))).sum()
print("check:", check)
