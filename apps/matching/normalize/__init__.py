"""Normal forms of what people type and files hold: addresses, names and dates. Knows no Django and no voter roll."""
