#include "child.hpp"

#include "memory.hpp"
#include "usage.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace docmill {

namespace {

nlohmann::json convert(Office& office, const nlohmann::json& job) {
    auto outcome = office.convert(job.at("conversion").get<Conversion>(), job.value("keep", false));
    return {{"result", outcome.result},
            {"detail", outcome.detail},
            {"load_ms", outcome.loadMillis},
            {"store_ms", outcome.storeMillis}};
}

/// The error of a call that gives a descriptor, 0 if it was allowed.
int errorOf(int descriptor) {
    if (descriptor < 0) return errno;
    close(descriptor);
    return 0;
}

int tryToFork() {
    pid_t pid = fork();
    if (pid == 0) _exit(0);
    if (pid < 0) return errno;
    waitpid(pid, nullptr, 0);
    return 0;
}

/// Tries what a confined child must not be able to do; the error number of the attempt, 0 if it went through.
int attempt(const nlohmann::json& probe) {
    auto what = probe.at("try").get<std::string>();
    auto path = probe.value("path", std::string{});
    if (what == "read") return errorOf(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (what == "write") return errorOf(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    if (what == "truncate") return truncate(path.c_str(), 0) == 0 ? 0 : errno;
    if (what == "make_directory") return mkdir(path.c_str(), 0700) == 0 ? 0 : errno;
    if (what == "make_link") return symlink("/", path.c_str()) == 0 ? 0 : errno;
    if (what == "make_fifo") return mkfifo(path.c_str(), 0600) == 0 ? 0 : errno;
    if (what == "signal_by_descriptor") return fcntl(STDIN_FILENO, F_SETOWN, getppid()) == 0 ? 0 : errno;
    if (what == "inet_socket") return errorOf(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (what == "unix_socket") return errorOf(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (what == "fork") return tryToFork();
    if (what == "signal_parent") return kill(getppid(), 0) == 0 ? 0 : errno;
    if (what == "trace_parent") return ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr) == 0 ? 0 : errno;
    if (what == "unshare") return unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
    if (what == "exec") {
        execl(path.c_str(), path.c_str(), static_cast<char*>(nullptr));
        return errno;
    }
    throw std::runtime_error("no attempt is called " + what);
}

nlohmann::json probe(const nlohmann::json& job) {
    auto errors = nlohmann::json::array();
    for (auto& one : job.at("attempts")) errors.push_back(attempt(one));
    return {{"result", "done"}, {"errors", errors}};
}

/// What this process has used since it was forked.
void addUsage(nlohmann::json& answer) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    answer["cpu_ms"] = millis(usage.ru_utime) + millis(usage.ru_stime);
    answer["peak_kib"] = usage.ru_maxrss;
}

/// From now on what LibreOffice prints goes to the job's own log, which lies where this process can't open it any more later.
void printTo(const std::string& log) {
    int descriptor = open(log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0 || dup2(descriptor, STDOUT_FILENO) < 0 || dup2(descriptor, STDERR_FILENO) < 0)
        throw std::runtime_error("log " + log + ": " + std::strerror(errno));
    close(descriptor);
}

/// A file that the server has open is the same open file in all children: one's position would be the other's, and what one writes
/// the other would read. So each opens it anew, for reading alone.
void reopenFiles() {
    std::vector<int> open;
    DIR* directory = opendir("/proc/self/fd");
    if (directory == nullptr) throw std::runtime_error(std::string("/proc/self/fd: ") + std::strerror(errno));
    while (dirent* entry = readdir(directory))
        if (int descriptor = std::atoi(entry->d_name); descriptor > STDERR_FILENO && descriptor != dirfd(directory))
            open.push_back(descriptor);
    closedir(directory);
    for (int descriptor : open) {
        struct stat status {};
        if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) continue;
        int own = ::open(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), O_RDONLY | O_CLOEXEC);
        if (own < 0) throw std::runtime_error(std::string("a file of the server: ") + std::strerror(errno));
        lseek(own, lseek(descriptor, 0, SEEK_CUR), SEEK_SET);
        dup3(own, descriptor, O_CLOEXEC);
        close(own);
    }
}

/// Before the first job: after it this process sees nothing but what the job is allowed.
void settle(Office& office, Confinement& confinement, const nlohmann::json& job) {
    if (job.contains("log")) printTo(job.at("log").get<std::string>());
    confinement.update(job.value("confinement", nlohmann::json::object()));
    watchMemory();
    confine(confinement);
    // After it: what LibreOffice makes there now has to be the new user's.
    office.settle(job.at("directory").get<std::string>(), job.at("home").get<std::string>());
}

nlohmann::json answer(Office& office, const nlohmann::json& job) {
    try {
        return job.at("type") == "probe" ? probe(job) : convert(office, job);
    } catch (const std::bad_alloc&) {
        return {{"result", "memory"}};
    } catch (const std::exception& e) {
        return {{"result", "invalid"}, {"detail", e.what()}};
    }
}

} // namespace

void runChild(Office& office, Channel jobs, Confinement confinement, pid_t parent) {
    try {
        endWithParent(parent);
        // While there is time: nobody waits for this yet.
        office.becomeChild();
        std::string trouble;
        try {
            reopenFiles();
            leave(confinement);
        } catch (const std::exception& e) {
            trouble = e.what();
        }
        bool settled = false;
        while (auto job = jobs.await()) {
            try {
                if (!trouble.empty()) throw std::runtime_error(trouble);
                if (!settled) settle(office, confinement, *job);
                settled = true;
            } catch (const std::exception& e) {
                jobs.send({{"result", "unconfined"}, {"detail", e.what()}});
                break;
            }
            auto result = answer(office, *job);
            addUsage(result);
            jobs.send(result);
        }
    } catch (const std::exception& e) {
        dprintf(STDERR_FILENO, "fork server: a child ended: %s\n", e.what());
        _exit(1);
    } catch (...) {
        _exit(1);
    }
    // Nothing is torn down: it belongs to the parent too, and the kernel is quicker.
    _exit(0);
}

} // namespace docmill
