# Right, but for a flat window it divides by zero, and takes the NaN out afterwards: NumPy warns.
# points: correlate1d 2, correlate2d 4, edge_kernel 1, match_template 2, test_correlate2d 2
# stock: match_template 0: NumPy's warning goes to stderr, which stock nbgrader reads as a failed cell
# others: lists_only
# %% match_template
def match_template(image, template):
    windows = np.lib.stride_tricks.sliding_window_view(image * 1.0, template.shape)
    centred = windows - windows.mean(axis=(-2, -1))[..., None, None]
    t = template - template.mean()
    scores = (centred * t).sum((-2, -1)) / np.sqrt((centred**2).sum((-2, -1)) * (t**2).sum())
    scores = np.nan_to_num(scores, nan=0.0, posinf=0.0, neginf=0.0)
    return np.unravel_index(scores.argmax(), scores.shape)
