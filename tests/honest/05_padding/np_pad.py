# np.pad does the first task in a line and SciPy the third: right numbers, but not written by the student.
# points: pad2d 0, same_padding 2, correlate2d_padded 0, never_centred 1
# others: slices
# %% pad2d
def pad2d(image, top, bottom, left, right, value):
    return np.pad(image.astype(float), ((top, bottom), (left, right)), constant_values=value)
# %% correlate2d_padded
def correlate2d_padded(image, kernel, mode):
    from scipy.signal import correlate2d
    return correlate2d(image, kernel, mode)
