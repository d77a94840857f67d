// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

/// Means and variances by closed forms, and how far a figure is from them. A test holds |z| below
/// `kFar`, which chance exceeds once in two million times; seeds are fixed, so it answers always
/// alike.
namespace shardproof::distribution {

inline constexpr double kFar = 5;

struct Moments {
  double mean = 0;
  double variance = 0;
};

/// Of a number of successes in `tries`.
inline Moments binomial_moments(double tries, double chance) {
  return {tries * chance, tries * chance * (1 - chance)};
}

/// Of successes in `tries` that all have the same chance, which is itself Beta(a, b).
inline Moments beta_binomial_moments(double tries, double a, double b) {
  const double chance = a / (a + b);
  return {tries * chance, tries * chance * (1 - chance) * (a + b + tries) / (a + b + 1)};
}

/// Sums independent figures.
class Deviation {
 public:
  void add(double figure, const Moments& moments) {
    off_ += figure - moments.mean;
    variance_ += moments.variance;
  }
  /// How many standard deviations the sum is above its mean.
  double z() const { return off_ / std::sqrt(variance_); }

 private:
  double off_ = 0;
  double variance_ = 0;
};

/// Collects independent figures of one distribution whose variance no closed form says: it is taken
/// from the figures, so that z has Student's distribution.
class Sample {
 public:
  void add(double figure) {
    ++count_;
    const double off = figure - mean_;
    mean_ += off / count_;
    squares_ += off * (figure - mean_);
  }
  double mean() const { return mean_; }
  double variance() const { return squares_ / (count_ - 1); }

  /// The z of the mean against `stated`, which is exact.
  double z(double stated) const { return (mean_ - stated) / std::sqrt(variance() / count_); }
  /// Against a mean of `theirs` figures of another simulation, rounded to a multiple of `unit`.
  double z(double stated, double theirs, double unit) const {
    const double rounding = unit * unit / 12;
    return (mean_ - stated) / std::sqrt(variance() * (1 / count_ + 1 / theirs) + rounding);
  }

 private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

/// How far parts are from what is expected: sum (x_i - p_i)^2 / p_i. For equal p_i it is CV^2, the
/// square of the deviation over the mean; of K keys it is chi-square over K.
inline double unevenness(const std::vector<double>& parts, const std::vector<double>& expected) {
  double sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double off = parts[i] - expected[i];
    sum += off * off / expected[i];
  }
  return sum;
}

inline constexpr double kAllKeys = std::numeric_limits<double>::infinity();
/// So many points that shares are exact: what is left is the chance of the keys.
inline constexpr double kExactShares = 1e12;

namespace detail {

/// v (v + 1) ... (v + r - 1).
inline double rising(double v, int r) {
  double product = 1;
  for (int i = 0; i < r; ++i) product *= v + i;
  return product;
}

/// Moments of the parts that K keys come to, by the factorial moments of the Dirichlet-multinomial
/// distribution: E[c_i (c_i - 1) ...] = K (K - 1) ... E[share_i^r].
class PartMoments {
 public:
  PartMoments(double points, double keys) : points_(points), keys_(keys) {}

  double second(double v) const { return share(2, v) * drawn(2) + share(1, v) / keys_; }
  double fourth(double v) const {
    return share(4, v) * drawn(4) + 6 * share(3, v) * drawn(3) / keys_ +
           7 * share(2, v) * drawn(2) / (keys_ * keys_) + share(1, v) / (keys_ * keys_ * keys_);
  }
  /// Of the square of one part times the square of another.
  double squares(double v, double w) const {
    const auto shares = [&](int r, int s) {
      return detail::rising(v, r) * detail::rising(w, s) / detail::rising(points_, r + s);
    };
    return shares(2, 2) * drawn(4) + (shares(2, 1) + shares(1, 2)) * drawn(3) / keys_ +
           shares(1, 1) * drawn(2) / (keys_ * keys_);
  }

 private:
  double share(int r, double v) const { return rising(v, r) / rising(points_, r); }
  double drawn(int r) const {
    double product = 1;
    for (int i = 0; i < r; ++i) product *= 1 - i / keys_;
    return product;
  }

  double points_;
  double keys_;
};

}  // namespace detail

/// Of the unevenness of shares on a circle where node i has v_i random points, in units of them:
/// the shares are Dirichlet(v_1, ...), so node i expects v_i over the sum of all. With `keys` the
/// parts are those of so many keys, otherwise those of the circle. For n equal nodes of v points
/// the mean is s (1 - 1/K) + (n - 1) / K with s = (n - 1) / (n v + 1). O(n^2).
inline Moments unevenness_moments(const std::vector<double>& points, double keys = kAllKeys) {
  double all = 0;
  for (const double v : points) all += v;
  const detail::PartMoments parts(all, keys);
  double mean = -1;
  double square = 0;  // of the unevenness and 1
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double p = points[i] / all;
    mean += parts.second(points[i]) / p;
    square += parts.fourth(points[i]) / (p * p);
    for (std::size_t j = 0; j < i; ++j) {
      square += 2 * parts.squares(points[i], points[j]) / (p * points[j] / all);
    }
  }
  return {mean, square - (1 + mean) * (1 + mean)};
}

/// Of K keys on nodes whose shares are exactly as `weights` say: multinomial.
inline Moments multinomial_moments(std::vector<double> weights, double keys) {
  double all = 0;
  for (const double weight : weights) all += weight;
  for (double& weight : weights) weight *= kExactShares / all;
  return unevenness_moments(weights, keys);
}

/// 1 + 1/2^power + ... + 1/n^power.
inline double harmonic(std::uint64_t n, int power = 1) {
  double sum = 0;
  for (std::uint64_t i = n; i > 0; --i) sum += std::pow(static_cast<double>(i), -power);
  return sum;
}

}  // namespace shardproof::distribution
