// Times as the protocol has them.
#pragma once

#include <sys/time.h>

namespace docmill {

inline double millis(const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

} // namespace docmill
