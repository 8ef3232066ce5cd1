#include "server.hpp"

#include "child.hpp"
#include "usage.hpp"

#include <algorithm>
#include <array>
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
#include <utility>
#include <vector>

namespace docmill {

namespace {

/// Children that end before they have a job, one after the other: something is wrong with all of them.
constexpr int MOST_LOST_IN_A_ROW = 20;

/// After so long it is tried again to fork, where the machine had no room for that.
constexpr int PAUSE_MILLIS = 100;

/// What a child has to say is short; it has read a document, and is not to be relied on.
constexpr std::size_t LONGEST_ANSWER = 64 << 10;
constexpr std::size_t LONGEST_DETAIL = 1 << 10;
constexpr std::size_t MOST_ERRORS = 64;

/// What a child can say of its job; all else is for this process to say.
constexpr std::array RESULTS{"done", "password", "load", "store", "memory", "unconfined", "invalid"};

void copyNumber(const nlohmann::json& from, nlohmann::json& to, const char* name) {
    if (from.contains(name) && from.at(name).is_number()) to[name] = std::clamp(from.at(name).get<double>(), 0.0, 1e12);
}

/// Of an answer what belongs there; nothing if it is none.
std::optional<nlohmann::json> checked(const nlohmann::json& answer) {
    if (!answer.is_object() || !answer.contains("result") || !answer.at("result").is_string()) return std::nullopt;
    auto result = answer.at("result").get<std::string>();
    if (std::find(RESULTS.begin(), RESULTS.end(), result) == RESULTS.end()) return std::nullopt;
    nlohmann::json clean{{"result", result}};
    for (auto name : {"cpu_ms", "peak_kib", "load_ms", "store_ms"}) copyNumber(answer, clean, name);
    if (answer.contains("detail") && answer.at("detail").is_string())
        clean["detail"] = answer.at("detail").get<std::string>().substr(0, LONGEST_DETAIL);
    if (answer.contains("errors") && answer.at("errors").is_array() && answer.at("errors").size() <= MOST_ERRORS)
        for (auto& error : answer.at("errors")) clean["errors"].push_back(error.is_number_integer() ? error.get<int>() : 0);
    return clean;
}

} // namespace

Server::Server(Office& office, Channel& worker, const Confinement& confinement, std::size_t ahead)
    : office_(office), worker_(worker), confinement_(confinement), ahead_(ahead) {}

void Server::run() {
    for (;;) {
        while (waiting() < ahead_ && fork()) {}
        std::vector<pollfd> wait{{worker_.input(), POLLIN, 0}};
        for (auto& child : children_) {
            wait.push_back({child.process, POLLIN, 0});
            // Once it has closed its end there is nothing more to come but its end.
            wait.push_back({child.channel.input(), POLLIN, 0});
        }
        if (poll(wait.data(), wait.size(), waiting() < ahead_ ? PAUSE_MILLIS : -1) < 0) {
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
            if (!worker_.read()) return endAll();
            while (worker_.hasMessage()) receive();
        }
    }
}

std::size_t Server::waiting() const {
    return static_cast<std::size_t>(
        std::count_if(children_.begin(), children_.end(), [](auto& child) { return child.job.empty(); }));
}

/// False where the machine has no room for another process now.
bool Server::fork() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
    pid_t parent = getpid();
    pid_t pid = ::fork();
    if (pid == 0) {
        // What a child holds open it could use, and what is in its memory it could read: nothing but its own.
        close(ends[0]);
        worker_.close();
        for (auto& other : children_) {
            other.channel.close();
            close(other.process);
        }
        runChild(office_, Channel(ends[1]), confinement_, parent);
    }
    close(ends[1]);
    int process = pid < 0 ? -1 : static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (process < 0) {
        close(ends[0]);
        if (pid > 0) {
            ::kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
        return false;
    }
    children_.push_back({pid, process, Channel(ends[0], LONGEST_ANSWER), ""});
    return true;
}

/// A job is two messages: a head for this process, and a body that only its child looks into.
void Server::receive() {
    if (head_) {
        auto head = *std::exchange(head_, std::nullopt);
        begin(head);
        return;
    }
    auto message = *worker_.next();
    auto type = message.at("type").get<std::string>();
    if (type == "job") head_ = message;
    else if (type == "kill") kill(message.at("id").get<std::string>());
    else throw std::runtime_error("no message is called " + type);
}

void Server::begin(const nlohmann::json& head) {
    auto child = childFor(head);
    if (child == children_.end()) {
        Channel nobody(-1);
        worker_.relay(nobody);
        refuse(head, head.contains("after") ? "gone" : "crashed");
        return;
    }
    child->job = head.at("id").get<std::string>();
    child->kept = head.value("keep", false);
    child->answered = false;
    tell({{"type", "started"}, {"id", child->job}, {"pid", child->pid}});
    // If it has just ended, that is told when its end is seen. One that does not read is of no use.
    if (!worker_.relay(child->channel)) ::kill(child->pid, SIGKILL);
}

/// A fresh one, or the one that was kept after a job.
std::list<Server::Child>::iterator Server::childFor(const nlohmann::json& head) {
    auto after = head.value("after", std::string{});
    if (after.empty() && waiting() == 0) fork();
    return std::find_if(
        children_.begin(), children_.end(), [&](auto& candidate) { return candidate.job == after && !candidate.killed; });
}

void Server::refuse(const nlohmann::json& head, const char* result) {
    tell({{"type", "ended"}, {"id", head.at("id")}, {"result", result}});
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
        child.channel.close();
        ::kill(child.pid, SIGKILL);
    }
}

/// One for each job, in its form. One that says more, or something else, is not LibreOffice any more.
void Server::takeAnswer(Child& child, const nlohmann::json& answer) {
    auto clean = checked(answer);
    if (child.answered || child.job.empty() || !clean) throw std::runtime_error("a child says what it should not");
    child.answered = true;
    (*clean)["type"] = "answered";
    (*clean)["id"] = child.job;
    tell(*clean);
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

/// They would end with this process anyway, but somebody else would have to reap them.
void Server::endAll() {
    for (auto& child : children_) ::kill(child.pid, SIGKILL);
    for (auto& child : children_) waitpid(child.pid, nullptr, 0);
}

void Server::tell(const nlohmann::json& message) {
    // Where the worker has gone the next read of it says so.
    worker_.send(message);
}

} // namespace docmill
