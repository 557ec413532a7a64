"""What people read about orders."""
