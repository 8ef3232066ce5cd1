#include "memory.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace docmill {

namespace {

/// An address space that grew into the last eighth of what is allowed had no room for what it wanted next.
constexpr unsigned long LAST_PART = 8;

int sizes = -1;

void say() {
    static constexpr char MESSAGE[] = "Out of memory\n";
    if (write(STDERR_FILENO, MESSAGE, sizeof MESSAGE - 1) < 0) return; // The log is full; the end says it too.
}

/// statm of proc(5) begins with the size of the address space in pages. Only calls that are safe in a handler.
unsigned long addressSpace() {
    char text[32];
    ssize_t length = pread(sizes, text, sizeof text, 0);
    unsigned long pages = 0;
    for (ssize_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        pages = pages * 10 + static_cast<unsigned long>(text[i] - '0');
    return pages * static_cast<unsigned long>(sysconf(_SC_PAGESIZE));
}

/// What the kernel found happens again once this returns, and then ends the process.
void onCrash(int signal, siginfo_t* information, void*) {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
        && addressSpace() >= limit.rlim_cur / LAST_PART * (LAST_PART - 1))
        say();
    bool sentByAProcess = information->si_code <= 0;
    if (sentByAProcess) _exit(128 + signal);
}

void onFailedAllocation() {
    say();
    std::set_new_handler(nullptr);
}

} // namespace

void watchMemory() {
    sizes = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (sizes < 0) throw std::runtime_error(std::string("/proc/self/statm: ") + std::strerror(errno));
    std::set_new_handler(onFailedAllocation);
    // Where the stack has overflown a handler needs another one.
    static char stack[64 << 10];
    stack_t other{};
    other.ss_sp = stack;
    other.ss_size = sizeof stack;
    sigaltstack(&other, nullptr);
    struct sigaction action {};
    action.sa_sigaction = onCrash;
    action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
    for (int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE}) sigaction(signal, &action, nullptr);
}

} // namespace docmill
