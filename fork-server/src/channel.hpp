// Messages over a socket or a pair of pipes: each a length of four bytes, the most significant first, and so much JSON in UTF-8.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace docmill {

class Channel {
public:
    /// No message of the protocol comes near this, in bytes.
    static constexpr std::size_t LONGEST = 4 << 20;

    /// Takes over a connected stream socket.
    explicit Channel(int socket);
    /// Takes over the ends of two pipes.
    Channel(int input, int output);
    ~Channel();
    Channel(Channel&& other) noexcept;
    Channel& operator=(Channel&& other) noexcept;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// What has something to read when a message comes; -1 once it is closed.
    int input() const { return input_; }

    /// Reads what has come, without waiting for more than one read gives. False once the other end has closed.
    bool read();

    /// The next message that has come whole. Throws std::runtime_error for what is no message.
    std::optional<nlohmann::json> next();

    /// Reads until a message has come whole; nothing once the other end has closed.
    std::optional<nlohmann::json> await();

    /// Writes a message, waiting until the other end has room. False if the other end has closed.
    bool send(const nlohmann::json& message);

    /// Closes it early.
    void close();

private:
    int input_;
    int output_;
    std::string received_;
};

} // namespace docmill
