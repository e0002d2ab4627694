#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/calls/api_client.hpp"
#include "actors/calls/api_gateway.hpp"
#include "actors/faults/failing_service.hpp"
#include "libsim/sim.hpp"
#include "models/services/actors/caller.hpp"
#include "models/services/config.hpp"

namespace sim::models::services {

/// How a provider's endpoint answers.
struct MakeApiReply {
  actors::ApiReply operator()(const actors::ApiRequest& /*request*/, const actors::RequestOutcome& outcome) const {
    actors::ApiReply reply;
    if (outcome.error) {
      reply.error = calls::CallError{*outcome.error, {}};
    }
    return reply;
  }
};

/// What a scenario sets differently.
struct ProviderSetup {
  std::string name_prefix = {};  ///< of the actors: another one, other random streams
  std::optional<std::uint32_t> client_limit = std::nullopt;
  Duration client_limit_window{};
  std::vector<policies::FailingService::Brownout> brownouts = {};
  std::optional<Port<actors::RecordOperation>> monitor = std::nullopt;
};

/// One provider inside of one simulation, with the client in front of it.
class Provider {
 public:
  using Endpoint = actors::FailingService<actors::ApiRequest, MakeApiReply>;

  Provider(Simulation& simulation, const Config& config, ProviderId id, const ProviderSetup& setup = {});

  /// A fault of all endpoints, from now on.
  void apply(policies::ActiveFaults::Number number, const policies::Fault& fault);
  void end_fault(policies::ActiveFaults::Number number);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Simulation& simulation() const { return *simulation_; }
  [[nodiscard]] std::size_t operations_count() const { return endpoints_.size(); }
  [[nodiscard]] Ref<actors::ApiClient> client() const { return client_; }
  [[nodiscard]] const std::vector<actors::ApiGateway::Visit>& visits() const;
  /// Requests that the endpoints let fail, as the provider counts them.
  [[nodiscard]] std::uint64_t failed_requests_count() const;

 private:
  Simulation* simulation_;
  std::string name_;
  std::vector<Ref<Endpoint>> endpoints_;  ///< by operation
  Ref<actors::ApiGateway> gateway_;
  Ref<actors::ApiClient> client_;
};

/// The operation of a provider at this place of its list.
[[nodiscard]] constexpr actors::ApiOperation operation(std::size_t number) {
  return static_cast<actors::ApiOperation>(number);
}

}  // namespace sim::models::services
