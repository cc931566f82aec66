"""What a call is: the form's rules and the shapes of docs/contract.md."""
