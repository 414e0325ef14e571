"""What the vendor's two pages demand of a body.

Rn are the pages' rules in their order, Cn the places where a page contradicts itself.
"""
