#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/queueing_theory/finite_source.hpp"
#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/networks.hpp"
#include "libsim/queueing_theory/priority.hpp"
#include "libsim/queueing_theory/reneging.hpp"
#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/text/csv_file.hpp"

using namespace sim::queueing_theory;

namespace {

/// One row of tests/data/theory/cases.csv.
struct TheoryRow {
  std::string parameters;
  std::string metric;
  double expected = 0.0;

  [[nodiscard]] std::string text(const std::string& name) const {
    std::istringstream list(parameters);
    for (std::string parameter; std::getline(list, parameter, ';');) {
      if (parameter.rfind(name + "=", 0) == 0) {
        return parameter.substr(name.size() + 1);
      }
    }
    FAIL("no parameter " << name << " in " << parameters);
    return {};
  }
  [[nodiscard]] double number(const std::string& name) const { return std::stod(text(name)); }
  [[nodiscard]] std::uint32_t count(const std::string& name) const {
    return static_cast<std::uint32_t>(std::stoul(text(name)));
  }
  [[nodiscard]] std::vector<double> numbers(const std::string& name) const {
    std::vector<double> values;
    std::istringstream list(text(name));
    for (std::string value; std::getline(list, value, '|');) {
      values.push_back(std::stod(value));
    }
    return values;
  }
};

std::map<std::string, TheoryRow> read_theory_rows() {
  auto file = sim::CsvFile::open(LIBSIM_TEST_DATA "/data/theory/cases.csv", 1'000'000);
  REQUIRE(file);
  const auto id = file->column("id");
  const auto parameters = file->column("parameters");
  const auto metric = file->column("metric");
  const auto expected = file->column("expected");
  REQUIRE((id && parameters && metric && expected));
  std::map<std::string, TheoryRow> rows;
  for (auto more = file->next_row(); more && *more; more = file->next_row()) {
    rows[std::string(file->field(*id))] = {std::string(file->field(*parameters)), std::string(file->field(*metric)),
                                           *file->number(*expected)};
  }
  return rows;
}

/// What a row calls the fields of a steady state.
double metric_of(const SteadyState& state, const std::string& metric) {
  const std::map<std::string, std::optional<double>> values{
      {"L_mean_in_system", state.in_system_mean},
      {"mean_in_repair", state.in_system_mean},
      {"Wq_mean_wait", state.wait_mean_s},
      {"Wq_class_0", state.wait_mean_s},
      {"mean_wait_all", state.wait_mean_s},
      {"W_mean_time_in_system", state.sojourn_mean_s},
      {"W_accepted_mean", state.sojourn_mean_s},
      {"T_class_0_mean", state.sojourn_mean_s},
      {"T_class_1_mean", state.sojourn_mean_s},
      {"T_class_2_mean", state.sojourn_mean_s},
      {"mean_response", state.sojourn_mean_s},
      {"mean_response_time", state.sojourn_mean_s},
      {"P_wait", state.wait_probability},
      {"P_wait_ErlangC", state.wait_probability},
      {"P_loss", state.loss_probability},
      {"P_block", state.loss_probability},
      {"P_block_ErlangB", state.loss_probability},
      {"P_abandon", state.abandonment_probability},
      {"throughput", state.throughput_per_s},
      {"utilisation", state.utilisation},
      {"T_p50", state.sojourn_quantile_s ? state.sojourn_quantile_s(0.50) : std::nullopt},
      {"T_p95", state.sojourn_quantile_s ? state.sojourn_quantile_s(0.95) : std::nullopt},
      {"T_p99", state.sojourn_quantile_s ? state.sojourn_quantile_s(0.99) : std::nullopt},
      {"Wq_p95", state.wait_quantile_s ? state.wait_quantile_s(0.95) : std::nullopt},
  };
  const auto found = values.find(metric);
  INFO(metric);
  REQUIRE(found != values.end());
  REQUIRE(found->second.has_value());
  return *found->second;
}

template <class Value>
Value value_of(const sim::Expected<Value>& result) {
  INFO((result ? std::string() : result.error().message.text()));
  REQUIRE(result);
  return *result;
}

using Formula = std::function<double(const TheoryRow&)>;

/// Checks the formula against each of the rows.
void check_theory_rows(const std::vector<std::string>& ids, const Formula& formula) {
  const auto rows = read_theory_rows();
  for (const std::string& id : ids) {
    INFO(id);
    const auto row = rows.find(id);
    REQUIRE(row != rows.end());
    CHECK(formula(row->second) == Approx(row->second.expected).epsilon(1e-9));
  }
}

/// A formula that gives the steady state that a row asks a metric of.
template <class Station>
Formula state_by(Station station) {
  return [station](const TheoryRow& row) { return metric_of(value_of(station(row)), row.metric); };
}

/// All classes of a row with priorities; `second_moments` of their services.
Formula priority_by(sim::Expected<std::vector<SteadyState>> (*station)(std::span<const PriorityClass>),
                    const std::vector<double>& second_moments) {
  return [=](const TheoryRow& row) {
    std::vector<PriorityClass> classes;
    for (std::size_t i = 0; i < second_moments.size(); ++i) {
      classes.push_back({row.numbers("lambdas")[i], row.numbers("mean_services")[i], second_moments[i]});
    }
    return metric_of(value_of(station(classes)).at(row.count("class")), row.metric);
  };
}

}  // namespace

TEST_CASE("the formulas of M/M/1 and M/M/c give the table's values", "[queueing_theory][cases]") {
  check_theory_rows(
      {"A-MM1-01", "A-MM1-03", "A-MM1-05", "A-MM1-09", "A-MM1-11", "A-MM1-13", "A-MM1-15", "A-MM1-17", "A-MM1-19",
       "A-MM1-23", "A-MM1-25", "A-MM1-27", "A-MMC-01", "A-MMC-03", "A-MMC-05", "A-MMC-07", "A-MMC-09", "A-MMC-11",
       "A-MMC-13", "A-MMC-15", "A-MMC-17", "A-MMC-19", "A-MMC-21", "A-MMC-23", "A-MMC-25"},
      state_by([](const TheoryRow& row) { return mm_c(row.number("lambda"), row.number("mu"), row.count("c")); }));
  check_theory_rows({"A-MM1-29"},
                    state_by([](const TheoryRow& row) { return mm_c(row.number("lambda"), row.number("mu"), 1); }));
  check_theory_rows({"A-MM1-07", "A-MM1-21"}, [](const TheoryRow& row) {
    return value_of(mm_1_at_least(row.number("lambda"), row.number("mu"), 5));
  });
  check_theory_rows({"A-MM1-31"}, [](const TheoryRow& row) {
    return value_of(mg_1_busy_period_mean_s(row.number("lambda"), 1.0 / row.number("mu")));
  });
}

TEST_CASE("the formulas of stations with limited room give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-ERLB-01", "A-ERLB-03", "A-ERLB-05"}, state_by([](const TheoryRow& row) {
                      return mm_c_k(row.number("lambda"), row.number("mu"), row.count("c"), row.count("c"));
                    }));
  check_theory_rows({"A-ERLB-07"}, state_by([](const TheoryRow& row) {
                      return mg_c_c(row.number("lambda"), row.number("mean_service"), row.count("c"));
                    }));
  check_theory_rows({"A-MMCK-01", "A-MMCK-03", "A-MMCK-05", "A-MMCK-07", "A-MMCK-09", "A-MMCK-11", "A-MMCK-13",
                     "A-MMCK-15", "A-MMCK-17", "A-MMCK-19"},
                    state_by([](const TheoryRow& row) {
                      return mm_c_k(row.number("lambda"), row.number("mu"), row.count("c"), row.count("K_system"));
                    }));
}

TEST_CASE("the formulas of a server for everybody give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-INF-01"}, state_by([](const TheoryRow& row) {
                      return mm_inf(row.number("lambda"), 1.0 / row.number("mean_service"));
                    }));
  check_theory_rows({"A-INF-03"}, [](const TheoryRow& row) {
    return value_of(mm_inf_more_than(row.number("lambda"), 1.0 / row.number("mean_service"), 15));
  });
}

TEST_CASE("the formulas of M/G/1 give the table's values", "[queueing_theory][cases]") {
  const double weibull = std::tgamma(1.0 + 2.0 / 0.7) / std::pow(std::tgamma(1.0 + 1.0 / 0.7), 2.0);
  // The table's ES2 is rounded to ten decimals.
  const std::map<std::string, double> second_moments{
      {"D", 1.0},
      {"Erlang-4", 1.25},
      {"lognormal scv=1", 2.0},
      {"Uniform(0,2)", 4.0 / 3.0},
      {"Weibull shape .7 mean 1", weibull},
      {"bimodal 0.9:0.5,0.1:5.5", 0.9 * 0.25 + 0.1 * 30.25},
  };
  check_theory_rows({"A-MG1-01", "A-MG1-03", "A-MG1-05", "A-MG1-07", "A-MG1-09", "A-MG1-21", "A-MG1-23", "A-MG1-25"},
                    state_by([&](const TheoryRow& row) {
                      return mg_1(row.number("lambda"), row.number("mean_service"),
                                  second_moments.at(row.text("service")));
                    }));
  // Third moments of mean 1: 1; (2·3·4)/2³; (4·5·6)/4³; 6 E over the branches of w (1/2w)³; exp(9σ²/2 - 3σ²/2) = 2³.
  const double branch = 0.5 * (1.0 + std::sqrt(3.0 / 5.0));
  const std::map<std::string, double> third_moments{
      {"D", 1.0},
      {"Erlang-2", 3.0},
      {"Erlang-4", 120.0 / 64.0},
      {"H2 balanced scv=4", 6.0 / 8.0 * (1.0 / (branch * branch) + 1.0 / ((1.0 - branch) * (1.0 - branch)))},
      {"lognormal scv=1", 8.0},
  };
  check_theory_rows({"A-MG1-11", "A-MG1-13", "A-MG1-15", "A-MG1-17", "A-MG1-19"}, [&](const TheoryRow& row) {
    return value_of(mg_1_wait_second_moment(row.number("lambda"), row.number("mean_service"), row.number("ES2"),
                                            third_moments.at(row.text("service"))));
  });
  check_theory_rows({"A-MG1-27", "A-MG1-29"},
                    state_by([](const TheoryRow& row) { return md_1(row.number("lambda"), row.number("D")); }));
}

TEST_CASE("the formulas of G/M/1 give the table's values", "[queueing_theory][cases]") {
  const auto by = [](InterarrivalLaw (*law)(double mean_s)) {
    return state_by([law](const TheoryRow& row) { return gm_1(law(1.0 / row.number("lambda")), row.number("mu")); });
  };
  check_theory_rows({"A-GM1-01", "A-GM1-03", "A-GM1-05"}, by(constant_interarrivals));
  check_theory_rows({"A-GM1-07", "A-GM1-09"}, by([](double mean_s) { return erlang_interarrivals(2, mean_s); }));
  check_theory_rows({"A-GM1-11"}, by([](double mean_s) { return erlang_interarrivals(10, mean_s); }));
  check_theory_rows({"A-GM1-13", "A-GM1-15"},
                    by([](double mean_s) { return balanced_hyperexponential_interarrivals(mean_s, 4.0); }));
  check_theory_rows({"A-GM1-17"}, by([](double mean_s) { return uniform_interarrivals(0.0, 2.0 * mean_s); }));
  check_theory_rows({"A-BURST-01"}, state_by([](const TheoryRow& row) {
                      return gm_1(interrupted_poisson(row.number("lambda_on"), row.number("rate_on_to_off"),
                                                      row.number("rate_off_to_on")),
                                  row.number("mu"));
                    }));
}

TEST_CASE("the formulas of processor sharing give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-PS-01", "A-PS-03"}, state_by([](const TheoryRow& row) {
                      return mg_1_ps(row.number("lambda"), 1.0 / row.number("mu"));
                    }));
  check_theory_rows({"A-PS-05", "A-PS-07"}, state_by([](const TheoryRow& row) {
                      return mg_1_ps(row.number("lambda"), row.number("mean_service"));
                    }));
}

TEST_CASE("the formulas of priorities give the table's values", "[queueing_theory][cases]") {
  const std::vector<double> exponential{2.0, 2.0};
  const std::vector<double> three_laws{0.25, 2.0, 5.0};  // D(0.5), Exp(1), H2 of scv 4
  check_theory_rows({"A-PRIO-01"}, priority_by(mg_1_priority, exponential));
  check_theory_rows({"A-PRIO-03"}, priority_by(mg_1_preemptive_priority, exponential));
  check_theory_rows({"A-PRIO-05", "A-PRIO-07"}, priority_by(mg_1_priority, three_laws));
  check_theory_rows({"A-PRIO-09"}, priority_by(mg_1_preemptive_priority, three_laws));
  check_theory_rows({"A-PRIO-11"}, [](const TheoryRow& row) {
    const std::vector<double> arrivals_per_s{row.number("lambda0"), row.number("lambda1")};
    return metric_of(value_of(mm_c_priority(arrivals_per_s, row.number("mu"), row.count("c"))).at(row.count("class")),
                     row.metric);
  });
}

TEST_CASE("the formulas of impatient jobs give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-REN-01", "A-REN-03", "A-REN-05", "A-REN-07", "A-REN-09", "A-REN-11", "A-REN-13", "A-REN-15"},
                    state_by([](const TheoryRow& row) {
                      return mm_c_m(row.number("lambda"), row.number("mu"), row.count("c"),
                                    row.number("theta_patience_rate"));
                    }));
  check_theory_rows({"A-REN-17", "A-REN-19"}, state_by([](const TheoryRow& row) {
                      return mm_c_d(row.number("lambda"), row.number("mu"), row.count("c"), row.number("tau"));
                    }));
  check_theory_rows({"A-REN-21"}, state_by([](const TheoryRow& row) {
                      return mm_1_discouraged(row.number("lambda"), row.number("mu"));
                    }));
}

TEST_CASE("the formulas of closed networks give the table's values", "[queueing_theory][cases]") {
  check_theory_rows(
      {"A-MVA-01", "A-MVA-03", "A-MVA-05", "A-MVA-07", "A-MVA-09", "A-MVA-11", "A-MVA-13"}, [](const TheoryRow& row) {
        std::vector<ClosedStation> stations;
        for (const double demand_s : row.numbers("demands")) {
          stations.push_back({.demand_s = demand_s});
        }
        return value_of(closed_network(stations, row.number("Z_think_exp"), row.count("N"))).throughput_per_s;
      });
  check_theory_rows({"A-REP-01", "A-REP-03", "A-REP-05", "A-REP-07", "A-REP-09", "A-REP-11"},
                    state_by([](const TheoryRow& row) {
                      return machine_repairman(row.count("N_sources"), row.number("lambda_each"), row.number("mu"),
                                               row.count("servers"));
                    }));
}

TEST_CASE("the formulas of open networks give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-JACK-01", "A-JACK-03"}, [](const TheoryRow& row) {
    const std::vector<std::vector<double>> routing{{0, 0.5, 0.3}, {0.2, 0, 0.3}, {0, 0.4, 0}};  // as the row says
    std::vector<OpenStation> stations;
    for (std::size_t i = 0; i < routing.size(); ++i) {
      stations.push_back(
          {.name = {}, .arrivals_per_s = row.numbers("external")[i], .services_per_s = row.numbers("mu")[i]});
    }
    return *value_of(open_network(stations, routing)).stations.at(row.count("node") - 1).in_system_mean;
  });
  check_theory_rows({"A-JACK-05"}, [](const TheoryRow& row) {
    const std::vector<OpenStation> one{
        {.name = {}, .arrivals_per_s = row.number("lambda"), .services_per_s = row.number("mu")}};
    return value_of(open_network(one, {{row.number("p_feedback")}})).sojourn_mean_s;
  });
  check_theory_rows({"A-TAN-01", "A-TAN-03"}, [](const TheoryRow& row) {
    const std::vector<OpenStation> two{
        {.name = {}, .arrivals_per_s = row.number("lambda"), .services_per_s = row.number("mu1")},
        {.name = {}, .arrivals_per_s = 0.0, .services_per_s = row.number("mu2")}};
    return *value_of(tandem(two)).sojourn_quantile_s(row.metric == "T_total_p50" ? 0.50 : 0.99);
  });
}

TEST_CASE("the formulas of dispatchers that look at nothing give the table's values", "[queueing_theory][cases]") {
  check_theory_rows({"A-LB-05"}, state_by([](const TheoryRow& row) {
                      return gm_1(erlang_interarrivals(row.count("n"), row.number("n") / row.number("lambda_total")),
                                  row.number("mu"));
                    }));
  check_theory_rows({"A-LB-07"}, state_by([](const TheoryRow& row) {
                      return mm_c(row.number("lambda_total") / row.number("n"), row.number("mu"), 1);
                    }));
  check_theory_rows({"A-LWL-01"}, state_by([](const TheoryRow& row) {
                      return mm_c(row.number("lambda_total"), row.number("mu"), row.count("n"));
                    }));
}
