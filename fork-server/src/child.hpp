// What a child does with its one job.
#pragma once

#include "channel.hpp"
#include "office.hpp"

#include <sys/types.h>

namespace docmill {

/// Waits for a job, confines itself, does it, answers and ends. `parent` is the process that it must not outlive.
[[noreturn]] void runChild(Office& office, Channel job, pid_t parent);

} // namespace docmill
