#pragma once

#include <string_view>
#include <vector>

#include "libsim/time.hpp"

namespace sim::policies {

/// What a container does between the request for it and its first message, in this order; the parts from `git` on
/// belong to its initialisation and may run side by side.
enum class ColdStartPart {
  placement,           ///< find a host, attach the network interface
  image_pull,          ///< download and unpack the image
  dependency_install,  ///< install packages, unless they are in the image
  compile,             ///< compile the application, unless it is in the image compiled
  git,                 ///< clone the repository, set up the work tree
  web_server,          ///< start the preview server
  queue_connections,   ///< resolve and connect the queues
  agent_import,        ///< import the agent's library, unless that waits for the first command
};

[[nodiscard]] std::string_view to_text(ColdStartPart part);

/// Which parts a start has and how their durations add up.
class ColdStartPlan {
 public:
  struct Config {
    bool parallel_initialisation = true;
    bool precompiled = true;
    bool cached_dependencies = true;
    bool light_image = true;
    bool lazy_loading = true;             ///< import the agent's library at the first command
    double light_base_image_mb = 50;      ///< compressed; node:18-alpine
    double standard_base_image_mb = 390;  ///< compressed; node:18
    double application_mb = 30;           ///< compressed
    double dependencies_mb = 40;          ///< compressed; in the image only when cached

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Timed {
    ColdStartPart part = ColdStartPart::placement;
    Duration duration{};
  };

  explicit ColdStartPlan(Config config);

  /// The parts that this start consists of, in order.
  [[nodiscard]] const std::vector<ColdStartPart>& parts() const { return parts_; }
  [[nodiscard]] static bool is_initialisation(ColdStartPart part) { return part >= ColdStartPart::git; }
  [[nodiscard]] double image_mb() const;
  /// Whether the first command of a fresh container has to import the agent's library.
  [[nodiscard]] bool imports_at_first_command() const { return config_.lazy_loading; }
  /// From request to ready, given how long each part takes; exactly the parts of `parts()` are expected.
  [[nodiscard]] Duration start_time(const std::vector<Timed>& durations) const;

 private:
  [[nodiscard]] bool has(ColdStartPart part) const;

  Config config_;
  std::vector<ColdStartPart> parts_;
};

}  // namespace sim::policies
