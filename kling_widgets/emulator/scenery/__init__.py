"""What painted places are made of: sky, land, trees, water, walls. Each is pure: the same seed paints the same.

A canvas is an array of float32, shape (height, width, 3), 0..255, painted upon in place from the far to the near.
Lengths are shares of the canvas's short side and places shares of its sides, so that every size shows the same picture.
"""
