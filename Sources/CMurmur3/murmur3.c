#include "CMurmur3.h"

#include <string.h>

static inline uint32_t rotated(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static inline uint32_t scrambled(uint32_t block) { return rotated(block * 0xcc9e2d51u, 15) * 0x1b873593u; }

uint32_t murmur3_x86_32(const void *bytes, size_t count, uint32_t seed) {
    const unsigned char *next = bytes;
    uint32_t state = seed;
    for (size_t blocks = count / 4; blocks > 0; blocks--, next += 4) {
        uint32_t block;
        memcpy(&block, next, 4); // little-endian machines only, as the benchmark is
        state = rotated(state ^ scrambled(block), 13) * 5 + 0xe6546b64u;
    }
    uint32_t tail = 0;
    switch (count & 3) {
    case 3: tail |= (uint32_t)next[2] << 16; // fall through
    case 2: tail |= (uint32_t)next[1] << 8; // fall through
    case 1: tail |= next[0]; state ^= scrambled(tail);
    }
    state ^= (uint32_t)count;
    state = (state ^ state >> 16) * 0x85ebca6bu;
    state = (state ^ state >> 13) * 0xc2b2ae35u;
    return state ^ state >> 16;
}
