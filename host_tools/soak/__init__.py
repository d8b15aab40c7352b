"""`make soak`: a day of outages in virtual time, and minutes of them with real sockets on a small heap."""
