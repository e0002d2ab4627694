#include "libsim/statistics/quantiles.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "libsim/failure.hpp"

namespace sim {

namespace {

void check_probability(double probability) {
  check(probability > 0.0 && probability < 1.0, "a quantile belongs to a probability strictly between 0 and 1");
}

}  // namespace

double normal_quantile(double probability) {
  check_probability(probability);
  return boost::math::quantile(boost::math::normal(), probability);
}

double normal_probability(double value) { return boost::math::cdf(boost::math::normal(), value); }

double student_t_quantile(double probability, std::uint64_t degrees_of_freedom) {
  check_probability(probability);
  check(degrees_of_freedom > 0, "a t distribution has at least one degree of freedom");
  return boost::math::quantile(boost::math::students_t(static_cast<double>(degrees_of_freedom)), probability);
}

double binomial_probability_at_most(std::uint64_t successes, std::uint64_t trials, double probability) {
  if (successes >= trials) {
    return 1.0;
  }
  const boost::math::binomial distribution(static_cast<double>(trials), probability);
  return boost::math::cdf(distribution, static_cast<double>(successes));
}

}  // namespace sim
