// The fork server: LibreOffice started once, and a child of it, confined before it sees the document, for every document. Speaks
// the protocol of README.md over its input and output, and ends with its input.

#include "channel.hpp"
#include "office.hpp"
#include "sandbox.hpp"
#include "server.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace {

int require(int result, const char* what) {
    if (result < 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
    return result;
}

/// The protocol moves to descriptors of its own: LibreOffice prints what it likes, and that shall not be taken for an answer.
docmill::Channel takeStandardStreams() {
    docmill::Channel worker(
        require(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), "input"), require(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), "output"));
    int nothing = require(open("/dev/null", O_RDONLY | O_CLOEXEC), "/dev/null");
    require(dup2(nothing, STDIN_FILENO), "input");
    require(dup2(STDERR_FILENO, STDOUT_FILENO), "output");
    close(nothing);
    return worker;
}

void serve(docmill::Channel& worker) {
    auto start = worker.await();
    if (!start) return;
    if (start->at("protocol") != docmill::PROTOCOL)
        throw std::runtime_error("this speaks protocol " + std::to_string(docmill::PROTOCOL) + ", not "
                                 + start->at("protocol").dump());
    docmill::Office::Installation installation{
        start->at("program").get<std::string>(),
        start->at("profile").get<std::string>(),
        start->value("locale", std::string{}),
        start->value("warm_up", std::vector<docmill::Conversion>{})};
    docmill::Confinement confinement;
    confinement.update(start->value("confinement", nlohmann::json::object()));
    auto ahead = start->value("ahead", std::size_t{1});
    docmill::Office::run(std::move(installation), [&](docmill::Office& office) {
        worker.send({{"type", "ready"},
                     {"protocol", docmill::PROTOCOL},
                     {"engine", office.version()},
                     {"landlock", docmill::landlockVersion()}});
        docmill::Server(office, worker, confinement, ahead).run();
    });
}

} // namespace

int main() {
    try {
        docmill::endWithParent(getppid());
        // Signals for the terminal's group are for the worker, which ends this in its own time. Where this leads a group already
        // there is nothing to leave.
        setsid();
        // A worker or a child that has gone shows when it is written to.
        std::signal(SIGPIPE, SIG_IGN);
        auto worker = takeStandardStreams();
        serve(worker);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "fork server: %s\n", e.what());
        return 1;
    }
}
