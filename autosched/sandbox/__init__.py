"""A stand-in for the big platforms on loopback: their APIs, consent pages and refusals.

It lives apart from the program: it imports nothing of it and shares none of its numbers, so that
a mistake in one is not repeated in the other. Each platform stands under the name of its real
host: what is `https://api.x.com/2/tweets` out there is `/api.x.com/2/tweets` here.
"""
