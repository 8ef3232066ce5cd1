// What a child gives up before it touches a document. What exactly is the worker's decision: what all children have in common
// comes at the start, the rest with each job.
#pragma once

#include <cstdint>
#include <linux/filter.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace docmill {

struct Confinement {
    /// Limits by name, as setrlimit(2) has them: cpu (s), as, fsize (bytes), nofile, nproc, core.
    std::vector<std::pair<std::string, std::uint64_t>> limits;
    /// The user to become, with a group of the same number, and the only other group that it is in; needs root.
    std::optional<uid_t> user;
    std::optional<gid_t> group;
    /// Namespaces to leave: net, ipc, uts; needs root.
    std::vector<std::string> unshare;
    /// What may be read, below which files may be made, and below which directories may be made too; nothing else may. Off if all
    /// are empty.
    std::vector<std::string> readable;
    std::vector<std::string> files;
    std::vector<std::string> writable;
    /// A program for the kernel, as seccomp(2) takes it. Off if empty.
    std::vector<sock_filter> filter;

    /// Takes what the message has; limits and places are added to those that are there.
    void update(const nlohmann::json& json);
};

/// What the kernel offers: the version of Landlock's interface, 0 without it.
int landlockVersion();

/// Leaves the namespaces; the first part, which needs nothing of the job. Throws as confine() does.
void leave(const Confinement& confinement);

/// Confines this process in all other ways, for good. Throws std::runtime_error if any of it can't be done: then nothing may be
/// converted.
void confine(const Confinement& confinement);

/// Has this process end with its parent. A change of user undoes it, so it is called again after one.
void endWithParent(pid_t parent);

} // namespace docmill
