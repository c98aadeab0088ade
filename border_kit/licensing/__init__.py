"""MAY it go: licences of a registry held against the shipment that declares them."""
