// What the Swift toolchain's own module of the C library leaves out.
#include <sys/epoll.h>
