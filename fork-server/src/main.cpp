// The fork server: LibreOffice started once, and a child of it, confined before it sees the document, for every document. Speaks
// the protocol of README.md over the socket whose descriptor is its argument, and ends with it.

#include "channel.hpp"
#include "office.hpp"
#include "sandbox.hpp"
#include "server.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <unistd.h>

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: %s DESCRIPTOR\n", arguments[0]);
        return 2;
    }
    try {
        docmill::endWithParent(getppid());
        docmill::Channel worker(std::stoi(arguments[1]));
        auto start = worker.await();
        if (!start) return 0;
        if (start->at("protocol") != docmill::PROTOCOL)
            throw std::runtime_error("this speaks protocol " + std::to_string(docmill::PROTOCOL) + ", not "
                                     + start->at("protocol").dump());
        docmill::Office::Installation installation{
            start->at("program").get<std::string>(),
            start->at("profile").get<std::string>(),
            start->value("locale", std::string{}),
            start->value("warm_up", std::vector<docmill::Conversion>{})};
        auto ahead = start->value("ahead", std::size_t{1});
        docmill::Office::run(std::move(installation), [&](docmill::Office& office) {
            worker.send({{"type", "ready"},
                         {"protocol", docmill::PROTOCOL},
                         {"engine", office.version()},
                         {"landlock", docmill::landlockVersion()}});
            docmill::Server(office, worker, ahead).run();
        });
    } catch (const std::exception& e) {
        std::fprintf(stderr, "fork server: %s\n", e.what());
        return 1;
    }
}
