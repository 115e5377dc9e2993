// The number of an output among all outputs: in 32 bits where these are enough, since dividing by 64 bits is slow.
#if LARGE
typedef long long place;
#else
typedef int place;
#endif
