#pragma once

#include <cstdint>

#include "libsim/kernel/port.hpp"
#include "libsim/time.hpp"

namespace sim::actors {

/// A job of a queueing station, named by whoever sends it; stations only hand the name back.
enum class JobId : std::uint64_t {};

enum class ServiceOutcome : std::uint8_t {
  served,
  lost,     ///< the station was full
  balked,   ///< did not join the line
  reneged,  ///< left the line
};

/// How a job left a station.
struct Serviced {
  JobId job{};
  Duration waited{};  ///< from admission, without the time in service
  Duration served{};  ///< time in service
  ServiceOutcome outcome = ServiceOutcome::served;

  friend bool operator==(const Serviced&, const Serviced&) = default;
};

/// Tells a station that the next one has taken a job in, or turned it away: its server is free again.
struct HandedOver {
  JobId job{};

  friend bool operator==(const HandedOver&, const HandedOver&) = default;
};

/// Asks a station for service. Sent or asked; `reply_to` is for those who send.
struct ServiceRequest {
  using Reply = Serviced;

  /// The service time is drawn by the station.
  static constexpr Duration drawn{-1};

  JobId job{};
  Duration service_time = drawn;
  Time deadline = Time::max();   ///< leaves the line when its service has not begun by then
  std::uint32_t priority = 0;    ///< 0 is the most urgent
  Port<Serviced> reply_to = {};  ///< hears of the outcome; in a row of stations from the last one, or where it is lost
  Port<HandedOver> sender = {};  ///< hears that the job was let in or turned away

  friend bool operator==(const ServiceRequest&, const ServiceRequest&) = default;
};

/// Takes one server of a station out of work, as a fault or a vacation does. As many `BringUp` end it.
struct TakeDown {
  std::uint32_t server = 0;

  friend bool operator==(const TakeDown&, const TakeDown&) = default;
};

/// Puts the server to work again.
struct BringUp {
  std::uint32_t server = 0;

  friend bool operator==(const BringUp&, const BringUp&) = default;
};

}  // namespace sim::actors
