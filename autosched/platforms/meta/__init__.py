"""What Facebook and Instagram share: the Graph API, its refusals, its log-in and its uploads."""
