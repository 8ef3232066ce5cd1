// LibreOffice within this process.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

struct _LibreOfficeKit;

namespace docmill {

/// One conversion: a document is opened by the first import filter that takes it, and written.
struct Conversion {
    /// A path, or a URL of LibreOffice's own such as private:factory/swriter for a new document.
    std::string input;
    std::string output;
    std::vector<std::string> importFilters;
    nlohmann::json load;
    std::string exportFilter;
    nlohmann::json store;
};

void from_json(const nlohmann::json& json, Conversion& conversion);

/// What became of one.
struct Outcome {
    /// "done"; else "password", "load" or "store": what the document, or the filter, refused at.
    std::string result;
    double loadMillis = 0;
    double storeMillis = 0;
    /// What LibreOffice asked and said, for a log.
    std::string detail;
};

class Office {
public:
    struct Installation {
        /// The directory with libmergedlo.so.
        std::string program;
        /// The profile, as a URL. Nothing else may use it meanwhile.
        std::string profile;
        /// A locale such as de-DE, or empty for the one of the environment.
        std::string locale;
        /// Documents that are converted once before anything else, so that what they need is in memory.
        std::vector<Conversion> warmUp;
    };

    /// Starts LibreOffice on this thread and calls `serve` on it once it is warm and alone; ends the process after that. Throws
    /// std::runtime_error if LibreOffice can't be used so.
    [[noreturn]] static void run(Installation installation, std::function<void(Office&)> serve);

    /// To be called in a child, before anything else of this: from now on this is an office of its own.
    void becomeChild();

    /// To be called in a child once it may write there, and nowhere else.
    void settle(const std::string& temporaryDirectory, const std::string& home);

    /// Opens and writes a document, and closes it if another one may follow.
    Outcome convert(const Conversion& conversion, bool close);

    /// Its name and version.
    std::string version();

private:
    explicit Office(Installation installation);

    void* symbol(const char* name);
    void open();
    void setLocale();
    void warmUp();
    static int poll(void* office, int timeoutMicros);
    static void wake(void* office);

    Installation installation_;
    std::function<void(Office&)> serve_;
    void* library_ = nullptr;
    ::_LibreOfficeKit* kit_ = nullptr;
    int wakeUp_ = -1;
    int polls_ = 0;
    bool serving_ = false;
};

} // namespace docmill
