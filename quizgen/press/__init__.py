"""The press: papers imposed from blocks that were laid out once, so that no paper is laid out by itself.

What a page looks like is WeasyPrint's and the style sheets' alone: places and distances are measured, none is set here.
"""
