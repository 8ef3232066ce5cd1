#include "sandbox.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <csignal>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace docmill {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

void require(bool done, const std::string& what) {
    if (!done) fail(what);
}

void limit(const std::string& name, std::uint64_t value) {
    static const std::array<std::pair<const char*, int>, 6> RESOURCES{{{"cpu", RLIMIT_CPU},
                                                                       {"as", RLIMIT_AS},
                                                                       {"fsize", RLIMIT_FSIZE},
                                                                       {"nofile", RLIMIT_NOFILE},
                                                                       {"nproc", RLIMIT_NPROC},
                                                                       {"core", RLIMIT_CORE}}};
    auto found = std::find_if(RESOURCES.begin(), RESOURCES.end(), [&](auto& known) { return name == known.first; });
    if (found == RESOURCES.end()) throw std::runtime_error("no limit is called " + name);
    rlimit both{value, value};
    require(setrlimit(static_cast<__rlimit_resource>(found->second), &both) == 0, "limit " + name);
}

void become(uid_t user, std::optional<gid_t> group) {
    require(setgroups(group ? 1 : 0, group ? &*group : nullptr) == 0, "setgroups");
    require(setresgid(user, user, user) == 0, "setresgid");
    require(setresuid(user, user, user) == 0, "setresuid");
}

// Newer than the headers of Debian 12: linux/landlock.h of Linux 6.12.
constexpr std::uint64_t FS_REFER = 1ULL << 13;
constexpr std::uint64_t FS_TRUNCATE = 1ULL << 14;
constexpr std::uint64_t FS_IOCTL_DEV = 1ULL << 15;
constexpr std::uint64_t NET_ALL = 3;   // to bind and to connect by TCP
constexpr std::uint64_t SCOPE_ALL = 3; // abstract sockets of others, signals to others

struct Ruleset {
    std::uint64_t files;
    std::uint64_t net;
    std::uint64_t scoped;
};

std::size_t sizeOfRuleset(int version) {
    return version >= 6 ? sizeof(Ruleset) : version >= 4 ? offsetof(Ruleset, scoped) : offsetof(Ruleset, net);
}

std::uint64_t allOfFiles(int version) {
    std::uint64_t all = FS_REFER - 1;
    if (version >= 2) all |= FS_REFER;
    if (version >= 3) all |= FS_TRUNCATE;
    if (version >= 5) all |= FS_IOCTL_DEV;
    return all;
}

void allow(int ruleset, const std::string& path, std::uint64_t access) {
    landlock_path_beneath_attr rule{};
    rule.parent_fd = open(path.c_str(), O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) {
        if (errno == ENOENT) return; // What is not there needs no rule.
        fail("open " + path);
    }
    struct stat status {};
    require(fstat(rule.parent_fd, &status) == 0, "stat " + path);
    if (!S_ISDIR(status.st_mode))
        access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE;
    rule.allowed_access = access;
    long added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int error = errno;
    close(rule.parent_fd);
    errno = error;
    require(added == 0, "allow " + path);
}

void landlock(
    const std::vector<std::string>& readable,
    const std::vector<std::string>& files,
    const std::vector<std::string>& writable) {
    int version = landlockVersion();
    if (version < 1) throw std::runtime_error("this kernel has no Landlock");
    std::uint64_t all = allOfFiles(version);
    Ruleset handled{all, NET_ALL, SCOPE_ALL};
    int ruleset =
        static_cast<int>(syscall(SYS_landlock_create_ruleset, &handled, sizeOfRuleset(version), 0));
    require(ruleset >= 0, "landlock_create_ruleset");
    for (auto& path : readable) allow(ruleset, path, LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
    // No links, no pipes: whoever takes the results out goes through here.
    std::uint64_t never = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK
                          | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_FIFO
                          | FS_IOCTL_DEV;
    std::uint64_t directories = LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR;
    for (auto& path : files) allow(ruleset, path, all & ~never & ~directories);
    for (auto& path : writable) allow(ruleset, path, all & ~never);
    require(syscall(SYS_landlock_restrict_self, ruleset, 0) == 0, "landlock_restrict_self");
    close(ruleset);
}

void installFilter(const std::vector<sock_filter>& instructions) {
    sock_fprog program{static_cast<unsigned short>(instructions.size()), const_cast<sock_filter*>(instructions.data())};
    require(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0, "seccomp");
}

} // namespace

void Confinement::update(const nlohmann::json& json) {
    auto added = json.value("limits", nlohmann::json::object());
    for (auto& [name, value] : added.items()) limits.emplace_back(name, value.get<std::uint64_t>());
    if (json.contains("user")) user = json.at("user").get<uid_t>();
    if (json.contains("group")) group = json.at("group").get<gid_t>();
    if (json.contains("unshare")) json.at("unshare").get_to(unshare);
    for (auto& path : json.value("readable", std::vector<std::string>{})) readable.push_back(path);
    for (auto& path : json.value("files", std::vector<std::string>{})) files.push_back(path);
    for (auto& path : json.value("writable", std::vector<std::string>{})) writable.push_back(path);
    for (auto& one : json.value("filter", std::vector<std::array<std::uint32_t, 4>>{}))
        filter.push_back({static_cast<std::uint16_t>(one[0]),
                                      static_cast<std::uint8_t>(one[1]),
                                      static_cast<std::uint8_t>(one[2]),
                                      one[3]});
}

int landlockVersion() {
    long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : static_cast<int>(version);
}

void leave(const Confinement& confinement) {
    int flags = 0;
    for (auto& name : confinement.unshare) {
        if (name == "net") flags |= CLONE_NEWNET;
        else if (name == "ipc") flags |= CLONE_NEWIPC;
        else if (name == "uts") flags |= CLONE_NEWUTS;
        else throw std::runtime_error("no namespace is called " + name);
    }
    if (flags != 0) require(::unshare(flags) == 0, "unshare");
}

void confine(const Confinement& confinement) {
    pid_t parent = getppid();
    for (auto& [name, value] : confinement.limits) limit(name, value);
    if (confinement.user) {
        become(*confinement.user, confinement.group);
        endWithParent(parent);
    }
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
    if (!confinement.readable.empty() || !confinement.files.empty() || !confinement.writable.empty())
        landlock(confinement.readable, confinement.files, confinement.writable);
    if (!confinement.filter.empty()) installFilter(confinement.filter);
}

void endWithParent(pid_t parent) {
    require(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "end with parent");
    if (getppid() != parent) _exit(1); // It ended just before.
}

} // namespace docmill
