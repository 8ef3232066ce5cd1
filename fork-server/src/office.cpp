#include "office.hpp"

#include "pages.hpp"

#include <chrono>
#include <com/sun/star/beans/PropertyValue.hpp>
#include <com/sun/star/container/XNameReplace.hpp>
#include <com/sun/star/frame/XComponentLoader.hpp>
#include <com/sun/star/frame/XStorable.hpp>
#include <com/sun/star/lang/XMultiComponentFactory.hpp>
#include <com/sun/star/lang/XMultiServiceFactory.hpp>
#include <com/sun/star/task/XInteractionAbort.hpp>
#include <com/sun/star/task/XInteractionHandler.hpp>
#include <com/sun/star/uno/XComponentContext.hpp>
#include <com/sun/star/util/XChangesBatch.hpp>
#include <com/sun/star/util/XCloseable.hpp>
#include <cppuhelper/implbase1.hxx>
#include <cstdint>
#include <cstdlib>
#include <dirent.h>
#include <dlfcn.h>
#include <osl/file.hxx>
#include <poll.h>
#include <rtl/ref.hxx>
#include <rtl/ustring.hxx>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOK_USE_UNSTABLE_API
#include <LibreOfficeKit/LibreOfficeKit.h>

namespace docmill {

namespace css = com::sun::star;
using css::uno::Reference;
using css::uno::UNO_QUERY;
using css::uno::UNO_QUERY_THROW;

namespace {

// Internal to LibreOffice and not promised by it: a version that has them otherwise is refused at start.
constexpr auto SET_ACTIVE = "_ZN10comphelper14LibreOfficeKit9setActiveEb";
constexpr auto PROCESS_CONTEXT = "_ZN10comphelper26getProcessComponentContextEv";
constexpr auto SET_TEMPORARY_DIRECTORY = "_ZN3utl24SetTempNameBaseDirectoryERKN3rtl8OUStringE";

constexpr int LONGEST_WAIT_MILLIS = 5;

rtl::OUString wide(const std::string& text) {
    return rtl::OUString(text.data(), static_cast<sal_Int32>(text.size()), RTL_TEXTENCODING_UTF8);
}

std::string narrow(const rtl::OUString& text) {
    rtl::OString bytes = rtl::OUStringToOString(text, RTL_TEXTENCODING_UTF8);
    return std::string(bytes.getStr(), static_cast<std::size_t>(bytes.getLength()));
}

rtl::OUString urlOf(const std::string& path) {
    if (path.starts_with("private:")) return wide(path);
    rtl::OUString url;
    if (osl::FileBase::getFileURLFromSystemPath(wide(path), url) != osl::FileBase::E_None)
        throw std::runtime_error("no path: " + path);
    return url;
}

css::uno::Sequence<css::beans::PropertyValue> properties(const nlohmann::json& json);

/// LibreOffice ignores a property of the wrong type in silence, so each says its type.
css::uno::Any valueOf(const nlohmann::json& json) {
    if (json.contains("text")) return css::uno::Any(wide(json.at("text").get<std::string>()));
    if (json.contains("flag")) return css::uno::Any(json.at("flag").get<bool>());
    if (json.contains("long")) return css::uno::Any(static_cast<sal_Int32>(json.at("long").get<std::int32_t>()));
    if (json.contains("short")) return css::uno::Any(static_cast<sal_Int16>(json.at("short").get<std::int16_t>()));
    if (json.contains("group")) return css::uno::Any(properties(json.at("group")));
    throw std::runtime_error("a property without a value: " + json.dump());
}

css::uno::Sequence<css::beans::PropertyValue> properties(const nlohmann::json& json) {
    std::vector<css::beans::PropertyValue> values;
    for (auto& [name, value] : json.items()) {
        css::beans::PropertyValue property;
        property.Name = wide(name);
        property.Value = valueOf(value);
        values.push_back(property);
    }
    return css::uno::Sequence<css::beans::PropertyValue>(values.data(), static_cast<sal_Int32>(values.size()));
}

css::uno::Sequence<css::beans::PropertyValue> with(
    css::uno::Sequence<css::beans::PropertyValue> values, const std::string& name, const css::uno::Any& value) {
    sal_Int32 length = values.getLength();
    values.realloc(length + 1);
    css::beans::PropertyValue& added = values.getArray()[length];
    added.Name = wide(name);
    added.Value = value;
    return values;
}

/// Says no to whatever LibreOffice asks, and remembers what it was: a document that needs a password is told so from a broken one.
struct Refusal : cppu::WeakImplHelper1<css::task::XInteractionHandler> {
    std::string asked;

    void SAL_CALL handle(const Reference<css::task::XInteractionRequest>& request) override {
        std::string type = narrow(request->getRequest().getValueTypeName());
        asked += (asked.empty() ? "" : ",") + type.substr(type.rfind('.') + 1);
        for (auto& continuation : request->getContinuations()) {
            Reference<css::task::XInteractionAbort> abort(continuation, UNO_QUERY);
            if (abort.is()) {
                abort->select();
                return;
            }
        }
    }
};

using Clock = std::chrono::steady_clock;

double millisSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

int threads() {
    int count = 0;
    DIR* directory = opendir("/proc/self/task");
    if (directory == nullptr) throw std::runtime_error("/proc can't be read");
    while (dirent* entry = readdir(directory))
        if (entry->d_name[0] != '.') count++;
    closedir(directory);
    return count;
}

} // namespace

void from_json(const nlohmann::json& json, Conversion& conversion) {
    json.at("input").get_to(conversion.input);
    json.at("output").get_to(conversion.output);
    json.at("import_filters").get_to(conversion.importFilters);
    conversion.load = json.value("load", nlohmann::json::object());
    json.at("export_filter").get_to(conversion.exportFilter);
    conversion.store = json.value("store", nlohmann::json::object());
}

Office::Office(Installation installation) : installation_(std::move(installation)) {}

void* Office::symbol(const char* name) {
    void* found = dlsym(library_, name);
    if (found == nullptr) throw std::runtime_error(std::string("this LibreOffice has no ") + name);
    return found;
}

void Office::run(Installation installation, std::function<void(Office&)> serve) {
    Office office(std::move(installation));
    office.serve_ = std::move(serve);
    office.open();
    office.kit_->pClass->runLoop(office.kit_, poll, wake, &office);
    throw std::runtime_error("LibreOffice has ended by itself");
}

void Office::open() {
    setenv("SAL_USE_VCLPLUGIN", "svp", 1);
    // All of LibreOffice runs on this thread, and calls back when it is idle.
    setenv("SAL_LOK_OPTIONS", "unipoll", 1);
    library_ = dlopen((installation_.program + "/libmergedlo.so").c_str(), RTLD_LAZY | RTLD_GLOBAL);
    if (library_ == nullptr) throw std::runtime_error(dlerror());
    for (auto name : {SET_ACTIVE, PROCESS_CONTEXT, SET_TEMPORARY_DIRECTORY}) symbol(name);
    wakeUp_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    auto hook = reinterpret_cast<LibreOfficeKit* (*)(const char*, const char*)>(symbol("libreofficekit_hook_2"));
    kit_ = hook(installation_.program.c_str(), installation_.profile.c_str());
    if (kit_ == nullptr) throw std::runtime_error("LibreOffice did not start");
}

/// Called when LibreOffice is idle, and from within loads that yield: there it may only wait.
int Office::poll(void* data, int timeoutMicros) {
    auto& office = *static_cast<Office*>(data);
    office.polls_++;
    // In the first call LibreOffice is not complete yet.
    if (office.serving_ || office.polls_ < 2) {
        pollfd wait{office.wakeUp_, POLLIN, 0};
        int millis = timeoutMicros < 0 ? LONGEST_WAIT_MILLIS : std::min(timeoutMicros / 1000, LONGEST_WAIT_MILLIS);
        if (::poll(&wait, 1, millis) > 0) {
            std::uint64_t count;
            return read(office.wakeUp_, &count, sizeof count) == sizeof count ? 1 : 0;
        }
        return 0;
    }
    office.serving_ = true;
    try {
        office.setLocale();
        office.warmUp();
        arrangeMemory(office.installation_.program);
        office.serve_(office);
        _exit(0);
    } catch (const std::exception& e) {
        dprintf(STDERR_FILENO, "fork server: %s\n", e.what());
        _exit(1);
    }
}

void Office::wake(void* data) {
    std::uint64_t one = 1;
    if (write(static_cast<Office*>(data)->wakeUp_, &one, sizeof one) != sizeof one) return; // It is awake already.
}

static Reference<css::uno::XComponentContext> contextOf(void* found) {
    return reinterpret_cast<const Reference<css::uno::XComponentContext>& (*)()>(found)();
}

/// LibreOfficeKit pins the locale to en-US, with Letter paper; this puts back what LibreOffice would have by itself.
void Office::setLocale() {
    try {
        auto context = contextOf(symbol(PROCESS_CONTEXT));
        css::beans::PropertyValue path;
        path.Name = wide("nodepath");
        path.Value <<= wide("/org.openoffice.Setup/L10N");
        css::uno::Any argument(path);
        Reference<css::lang::XMultiServiceFactory> provider(
            context->getServiceManager()->createInstanceWithContext(
                wide("com.sun.star.configuration.ConfigurationProvider"), context),
            UNO_QUERY_THROW);
        Reference<css::container::XNameReplace> node(
            provider->createInstanceWithArguments(
                wide("com.sun.star.configuration.ConfigurationUpdateAccess"),
                css::uno::Sequence<css::uno::Any>(&argument, 1)),
            UNO_QUERY_THROW);
        node->replaceByName(wide("ooSetupSystemLocale"), css::uno::Any(wide(installation_.locale)));
        Reference<css::util::XChangesBatch>(node, UNO_QUERY_THROW)->commitChanges();
    } catch (const css::uno::Exception& e) {
        throw std::runtime_error("the locale can't be set: " + narrow(e.Message));
    }
}

void Office::warmUp() {
    auto setActive = reinterpret_cast<void (*)(bool)>(symbol(SET_ACTIVE));
    setActive(false);
    for (auto& conversion : installation_.warmUp) {
        Outcome outcome = convert(conversion, true);
        if (outcome.result != "done")
            throw std::runtime_error(conversion.input + " can't be converted: " + outcome.result + " " + outcome.detail);
    }
    setActive(true);
    // A thread would not be there in a child, but what it holds locked would be.
    for (int attempt = 0; threads() > 1; attempt++) {
        if (attempt == 50) throw std::runtime_error("LibreOffice keeps " + std::to_string(threads()) + " threads");
        kit_->pClass->joinThreads(kit_);
        if (threads() > 1) usleep(20'000);
    }
}

void Office::becomeChild() {
    // Shared with the parent and its other children until now.
    close(wakeUp_);
    wakeUp_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    kit_->pClass->setForkedChild(kit_, true);
    // Behaves as LibreOffice does on its own.
    reinterpret_cast<void (*)(bool)>(symbol(SET_ACTIVE))(false);
}

void Office::settle(const std::string& temporaryDirectory, const std::string& home) {
    setenv("TMPDIR", temporaryDirectory.c_str(), 1);
    setenv("HOME", home.c_str(), 1);
    reinterpret_cast<rtl::OUString (*)(const rtl::OUString&)>(symbol(SET_TEMPORARY_DIRECTORY))(urlOf(temporaryDirectory));
}

Outcome Office::convert(const Conversion& conversion, bool close) {
    Outcome outcome;
    rtl::Reference<Refusal> refusal(new Refusal);
    auto refused = [&](const char* stage, const std::string& message) {
        bool password = refusal->asked.find("Password") != std::string::npos;
        outcome.result = password ? "password" : stage;
        outcome.detail = message + (refusal->asked.empty() ? "" : "; asked " + refusal->asked);
        return outcome;
    };
    auto begin = Clock::now();
    Reference<css::lang::XComponent> document;
    std::string message;
    try {
        auto context = contextOf(symbol(PROCESS_CONTEXT));
        Reference<css::frame::XComponentLoader> desktop(
            context->getServiceManager()->createInstanceWithContext(wide("com.sun.star.frame.Desktop"), context),
            UNO_QUERY_THROW);
        auto load = with(
            properties(conversion.load),
            "InteractionHandler",
            css::uno::Any(Reference<css::task::XInteractionHandler>(refusal.get())));
        for (auto& filter : conversion.importFilters) {
            try {
                document = desktop->loadComponentFromURL(
                    urlOf(conversion.input), wide("_blank"), 0, with(load, "FilterName", css::uno::Any(wide(filter))));
            } catch (const css::uno::Exception& e) {
                message = narrow(e.Message);
            }
            if (document.is()) break;
        }
    } catch (const css::uno::Exception& e) {
        message = narrow(e.Message);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& e) {
        message = e.what();
    }
    outcome.loadMillis = millisSince(begin);
    if (!document.is()) return refused("load", message);
    begin = Clock::now();
    try {
        Reference<css::frame::XStorable>(document, UNO_QUERY_THROW)
            ->storeToURL(
                urlOf(conversion.output),
                with(properties(conversion.store), "FilterName", css::uno::Any(wide(conversion.exportFilter))));
        outcome.storeMillis = millisSince(begin);
        if (close) Reference<css::util::XCloseable>(document, UNO_QUERY_THROW)->close(true);
    } catch (const css::uno::Exception& e) {
        outcome.storeMillis = millisSince(begin);
        return refused("store", narrow(e.Message));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& e) {
        outcome.storeMillis = millisSince(begin);
        return refused("store", e.what());
    }
    outcome.result = "done";
    outcome.detail = refusal->asked;
    return outcome;
}

std::string Office::version() {
    char* information = kit_->pClass->getVersionInfo(kit_);
    auto json = nlohmann::json::parse(information == nullptr ? "{}" : information, nullptr, false);
    std::free(information);
    if (json.is_discarded()) return "LibreOffice";
    return json.value("ProductName", "LibreOffice") + " " + json.value("ProductVersion", "")
           + json.value("ProductExtension", "");
}

} // namespace docmill
