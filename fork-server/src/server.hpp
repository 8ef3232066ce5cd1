// The parent: forks a child for each job, ahead of need, and tells the worker what became of it.
#pragma once

#include "channel.hpp"
#include "office.hpp"

#include <list>
#include <string>
#include <sys/types.h>

namespace docmill {

/// The version of the protocol that README.md describes.
constexpr int PROTOCOL = 1;

class Server {
public:
    /// @param ahead how many children wait for a job
    Server(Office& office, Channel& worker, std::size_t ahead);

    /// Serves until the worker closes the connection.
    void run();

private:
    struct Child {
        pid_t pid;
        int process; // A descriptor of the process, readable once it has ended.
        Channel channel;
        std::string job; // Empty while it waits for one.
        bool killed = false;
        nlohmann::json answer;
    };

    void fork();
    void receive(const nlohmann::json& message);
    void begin(const nlohmann::json& message);
    void kill(const std::string& job);
    void read(Child& child);
    void ended(Child& child);
    void tell(const nlohmann::json& message);
    std::size_t waiting() const;

    Office& office_;
    Channel& worker_;
    std::size_t ahead_;
    std::list<Child> children_;
    int lostInARow_ = 0;
};

} // namespace docmill
