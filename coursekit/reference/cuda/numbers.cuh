// The numbers that arrays hold, and those in which a kernel adds up. Read what is in memory with `read_number`,
// and round to it with `write_number`: half precision (NUMBER 16) is kept in 16 bits and summed in 32.
#if NUMBER == 16
typedef unsigned short number; // the bits of a half
typedef float sum;
#elif NUMBER == 64
typedef double number;
typedef double sum;
#else
typedef float number;
typedef float sum;
#endif

// A condition that keeps an index inside its array. A test takes each away in turn: none may be superfluous.
#define guard(condition) (condition)

#ifndef EMULATED // the emulator knows both by itself: it reads no assembly
#if NUMBER == 16
__device__ inline sum read_number(number bits) {
    float value;
    asm("cvt.f32.f16 %0, %1;" : "=f"(value) : "h"(bits));
    return value;
}
__device__ inline number write_number(sum value) {
    unsigned short bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(value));
    return bits;
}
#else
__device__ inline sum read_number(number value) { return value; }
__device__ inline number write_number(sum value) { return value; }
#endif
#endif
