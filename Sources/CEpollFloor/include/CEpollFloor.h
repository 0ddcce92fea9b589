#ifndef CEPOLLFLOOR_H
#define CEPOLLFLOOR_H

#include <stdint.h>

/// Listens on a free port of 127.0.0.1.
///
/// Returns the socket, and its port through the pointer; -1, with errno, when there is none to be had.
int floor_listen(uint16_t *port);

/// Serves event streams with as little as can be done: what a real service is measured against.
///
/// GET opens a stream: a fixed head and a fixed first event. The body of any other request is written to every
/// open stream as one chunk, in a single system call each, and answered with 204. A stream that cannot take a
/// chunk whole is closed. One thread, no timers, no queues, no limits; one connection costs 16 bytes.
///
/// Ends with the process; returns errno when the kernel refuses what it needs.
int floor_serve(int listener);

#endif
