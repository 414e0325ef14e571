"""What things cost: each number beside its reference in the same run, so that a slow machine changes both.

The motion brush:

    brush_moves      a pointer move, against a bare `lineTo`
    brush_pan        panning and zooming, against the photo alone
    brush_numbers    an 8K photo, against a bare `img`; undo, against whole planes
    brush_lab        pointer-up to array, against an empty round trip, in a real JupyterLab
    leaks            100 views, against 10
    select           a click, against a bare grabCut
    bundles          what the browser is sent, against what it may be

The first line of each file says what it measures and the target.
"""
