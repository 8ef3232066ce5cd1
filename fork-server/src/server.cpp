#include "server.hpp"

#include "child.hpp"
#include "usage.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace docmill {

namespace {

/// Children that end before they have a job, one after the other: something is wrong with all of them.
constexpr int MOST_LOST_IN_A_ROW = 20;

} // namespace

Server::Server(Office& office, Channel& worker, const Confinement& confinement, std::size_t ahead)
    : office_(office), worker_(worker), confinement_(confinement), ahead_(ahead) {}

void Server::run() {
    for (;;) {
        while (waiting() < ahead_) fork();
        std::vector<pollfd> wait{{worker_.input(), POLLIN, 0}};
        for (auto& child : children_) {
            wait.push_back({child.process, POLLIN, 0});
            // Once it has closed its end there is nothing more to come but its end.
            wait.push_back({child.channel.input(), POLLIN, 0});
        }
        if (poll(wait.data(), wait.size(), -1) < 0) {
            if (errno == EINTR) continue;
            throw std::runtime_error(std::string("poll: ") + std::strerror(errno));
        }
        auto next = wait.begin() + 1;
        for (auto child = children_.begin(); child != children_.end(); next += 2) {
            bool over = next->revents != 0;
            if (next[1].revents != 0) read(*child);
            if (over) ended(*child);
            child = over ? children_.erase(child) : std::next(child);
        }
        if (wait[0].revents != 0) {
            // Children end with this process.
            if (!worker_.read()) return;
            while (auto message = worker_.next()) receive(*message);
        }
    }
}

std::size_t Server::waiting() const {
    return static_cast<std::size_t>(
        std::count_if(children_.begin(), children_.end(), [](auto& child) { return child.job.empty(); }));
}

void Server::fork() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::runtime_error(std::string("socketpair: ") + std::strerror(errno));
    pid_t parent = getpid();
    pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    if (pid == 0) {
        // What a child holds open it could use: nothing but its own end.
        close(ends[0]);
        worker_.close();
        for (auto& other : children_) {
            other.channel.close();
            close(other.process);
        }
        runChild(office_, Channel(ends[1]), confinement_, parent);
    }
    close(ends[1]);
    int process = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (process < 0) throw std::runtime_error(std::string("pidfd_open: ") + std::strerror(errno));
    children_.push_back({pid, process, Channel(ends[0]), ""});
}

void Server::receive(const nlohmann::json& message) {
    auto type = message.at("type").get<std::string>();
    if (type == "convert" || type == "probe") begin(message);
    else if (type == "kill") kill(message.at("id").get<std::string>());
    else throw std::runtime_error("no message is called " + type);
}

void Server::begin(const nlohmann::json& message) {
    auto child = childFor(message);
    if (child == children_.end()) {
        tell({{"type", "ended"}, {"id", message.at("id")}, {"result", "gone"}});
        return;
    }
    child->job = message.at("id").get<std::string>();
    child->kept = message.value("keep", false);
    child->answered = false;
    tell({{"type", "started"}, {"id", child->job}, {"pid", child->pid}});
    // If it has just ended, that is told when its end is seen.
    child->channel.send(message);
}

/// A fresh one, or the one that was kept after a job.
std::list<Server::Child>::iterator Server::childFor(const nlohmann::json& message) {
    auto after = message.value("after", std::string{});
    if (after.empty() && waiting() == 0) fork();
    return std::find_if(
        children_.begin(), children_.end(), [&](auto& candidate) { return candidate.job == after && !candidate.killed; });
}

void Server::kill(const std::string& job) {
    for (auto& child : children_) {
        if (child.job == job) {
            child.killed = true;
            ::kill(child.pid, SIGKILL);
        }
    }
}

void Server::read(Child& child) {
    if (child.channel.input() < 0) return;
    if (!child.channel.read()) {
        child.channel.close();
        return;
    }
    try {
        while (auto message = child.channel.next()) takeAnswer(child, *message);
    } catch (const std::exception&) {
        // A child has read a document; what it says is not to be relied on.
        child.channel.close();
        ::kill(child.pid, SIGKILL);
    }
}

/// One for each job; more of them, and what has not the form of one, is dropped.
void Server::takeAnswer(Child& child, nlohmann::json answer) {
    if (child.answered || child.job.empty() || !answer.is_object() || !answer.contains("result")) return;
    child.answered = true;
    answer["type"] = "answered";
    answer["id"] = child.job;
    tell(answer);
    // It has nothing more to do, whatever it makes of that.
    if (!child.kept) ::kill(child.pid, SIGKILL);
}

void Server::ended(Child& child) {
    int status = 0;
    rusage usage{};
    while (wait4(child.pid, &status, 0, &usage) < 0 && errno == EINTR) {}
    close(child.process);
    if (child.job.empty()) {
        if (++lostInARow_ >= MOST_LOST_IN_A_ROW) throw std::runtime_error("children end before they have a job");
        return;
    }
    lostInARow_ = 0;
    nlohmann::json end{{"type", "ended"},
                       {"id", child.job},
                       {"cpu_ms", millis(usage.ru_utime) + millis(usage.ru_stime)},
                       {"peak_kib", usage.ru_maxrss}};
    if (WIFSIGNALED(status)) end["signal"] = WTERMSIG(status);
    if (!child.answered) end["result"] = child.killed ? "killed" : "crashed";
    tell(end);
}

void Server::tell(const nlohmann::json& message) {
    // Where the worker has gone the next read of it says so.
    worker_.send(message);
}

} // namespace docmill
