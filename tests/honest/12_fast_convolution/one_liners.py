# Each answer is one expression, a lambda with a name.
# points: im2col2d 2, correlate_by_product 3, separate 2
# %% im2col2d
im2col2d = lambda x, h, w: np.array([x[i:i+h, j:j+w].flatten() for i in range(len(x)-h+1) for j in range(len(x[0])-w+1)]).T
# %% correlate_by_product
correlate_by_product = lambda x, k: (k.reshape(len(k), -1) @ np.vstack([im2col2d(c, *k.shape[2:]) for c in x])).reshape(len(k), x.shape[1] - k.shape[2] + 1, -1)
# %% separate
separate = lambda k: (k[:, abs(k).max(0).argmax()], (k[abs(k).max(1).argmax()] / abs(k).max() * np.sign(k[abs(k).max(1).argmax(), abs(k).max(0).argmax()])))
