"""What a call is: the form's rules and the shapes of CONTRACT.md."""
