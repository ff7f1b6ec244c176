"""Pictures drawn on the server as SVG: they need no script and no style of their own."""
