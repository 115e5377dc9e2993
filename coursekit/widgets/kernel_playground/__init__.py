"""A real picture, a kernel that can be changed, and both responses side by side."""
