"""What users of other uploaders suffered, one file a kind, tried on this one."""
