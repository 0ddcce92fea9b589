#ifndef CMURMUR3_H
#define CMURMUR3_H

#include <stddef.h>
#include <stdint.h>

/// MurmurHash3 x86 32-bit in plain C: what the Swift one is measured against.
uint32_t murmur3_x86_32(const void *bytes, size_t count, uint32_t seed);

/// How many times memory was asked for since the process began, by anything in it.
uint64_t allocation_count(void);

#endif
