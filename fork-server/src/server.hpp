// The parent: forks a child for each job, ahead of need, and tells the worker what became of it.
#pragma once

#include "channel.hpp"
#include "office.hpp"
#include "sandbox.hpp"

#include <list>
#include <optional>
#include <string>
#include <sys/types.h>

namespace docmill {

/// The version of the protocol that README.md describes.
constexpr int PROTOCOL = 1;

class Server {
public:
    /// @param confinement what all children have in common
    /// @param ahead how many children wait for a job
    Server(Office& office, Channel& worker, const Confinement& confinement, std::size_t ahead);

    /// Serves until the worker closes the connection.
    void run();

private:
    struct Child {
        pid_t pid;
        int process; // A descriptor of the process, readable once it has ended.
        Channel channel;
        std::string job; // Empty before its first one.
        bool kept = false; // It stays after its answer.
        bool answered = false;
        bool killed = false;
    };

    bool fork();
    void receive();
    void begin(const nlohmann::json& head);
    std::list<Child>::iterator childFor(const nlohmann::json& message);
    void kill(const std::string& job);
    void read(Child& child);
    void takeAnswer(Child& child, const nlohmann::json& answer);
    void ended(Child& child);
    void refuse(const nlohmann::json& head, const char* result);
    void tell(const nlohmann::json& message);
    void endAll();
    std::size_t waiting() const;

    Office& office_;
    Channel& worker_;
    const Confinement& confinement_;
    std::size_t ahead_;
    std::list<Child> children_;
    std::optional<nlohmann::json> head_; // Of the job whose body comes next.
    int lostInARow_ = 0;
};

} // namespace docmill
