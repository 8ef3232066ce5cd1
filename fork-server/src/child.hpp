// What a child does with its job, or with the jobs of one scope.
#pragma once

#include "channel.hpp"
#include "office.hpp"
#include "sandbox.hpp"

#include <sys/types.h>

namespace docmill {

/// Waits for a job, confines itself, does it and answers, and so on until the channel is closed. `parent` is the process that it
/// must not outlive; `confinement` what all children have in common.
[[noreturn]] void runChild(Office& office, Channel jobs, Confinement confinement, pid_t parent);

} // namespace docmill
