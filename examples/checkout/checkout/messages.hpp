#pragma once

namespace checkout {

/// The answer to a payment.
struct Receipt {
  bool accepted = true;  ///< false: the desk was too busy to take the payment at all

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// A shopper wants to pay.
struct Pay {
  using Reply = Receipt;

  friend bool operator==(const Pay&, const Pay&) = default;
};

}  // namespace checkout
