// The sums of several blocks, added up in the order of the blocks: always the same result, whichever ended first.
//
// Per output: `parts` numbers read and additions, one number written. Memory limits it; it is small beside what made
// the parts.
#include "numbers.cuh"
#include "places.cuh"

extern "C" __global__ void add_parts(
    const sum *__restrict__ parts, // (count, outputs)
    number *__restrict__ out,      // (outputs,)
    int count, place outputs)
{
    place output = (place)blockIdx.x * blockDim.x + threadIdx.x;
    if (guard(output < outputs)) {
        sum total = 0;
        for (int part = 0; part < count; ++part) {
            total += parts[(long long)part * outputs + output];
        }
        out[output] = write_number(total);
    }
}
