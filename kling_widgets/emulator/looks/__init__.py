"""Small looks of which effects are composed. Each is pure: the same photo, time and seed give the same frame.

A moving look is `look(frame, t, seed, **parameters) -> frame` with t from 0, where the film begins, to 1, where it
ends; a style is `style(photo, seed, **parameters) -> photo`, the same at every time. Pictures are RGB of shape (height,
width, 3); none is changed in place. Lengths in parameters are shares of the frame's short side, so that a thumbnail
shows what the film will.
"""
