#pragma once

#include <cstdint>

#include <caf/all.hpp>

#include "libsim/kernel/kernel.hpp"

namespace sim::detail {

class Coordinator;

/// CAF's clock on virtual time: delayed messages and timeouts are events of the kernel.
///
/// CAF does not cancel a request's timeout when the response arrives; the coordinator does, so that it neither keeps a
/// run or its actor alive nor moves the clock.
class VirtualClock final : public ::caf::actor_clock {
 public:
  VirtualClock(Kernel& kernel, Coordinator& coordinator) : kernel_(kernel), coordinator_(coordinator) {}

  [[nodiscard]] time_point now() const noexcept override;
  void set_ordinary_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type, std::uint64_t id) override;
  void set_request_timeout(time_point at, ::caf::abstract_actor* self, ::caf::message_id id) override;
  void cancel_ordinary_timeout(::caf::abstract_actor* self, ::caf::atom_value type) override;
  void cancel_request_timeout(::caf::abstract_actor* self, ::caf::message_id id) override;
  void cancel_timeouts(::caf::abstract_actor* self) override;
  void schedule_message(time_point at, ::caf::strong_actor_ptr receiver, ::caf::mailbox_element_ptr content) override;
  void schedule_message(time_point at, ::caf::group target, ::caf::strong_actor_ptr sender,
                        ::caf::message content) override;
  void cancel_all() override {}

 private:
  [[nodiscard]] Duration delay_until(time_point at) const;

  Kernel& kernel_;
  Coordinator& coordinator_;
};

}  // namespace sim::detail
