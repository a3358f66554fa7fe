"""Generators shipped with Outskirts: programs that place people and portray them."""
