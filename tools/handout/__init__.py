"""Static pages and slides of the lectures: live demos with no kernel and no network."""
