import numpy as np

from semtta_mm.detection.blazepose.smoothing import LowPass, OneEuroFilter


def test_first_sample_passes_and_a_constant_stays():
    one_euro = OneEuroFilter(min_cutoff=0.05, beta=80)
    values = np.array([3.0, -2.0])
    for _ in range(3):
        np.testing.assert_allclose(one_euro(values), values)


def test_without_beta_it_is_a_low_pass():
    one_euro = OneEuroFilter(min_cutoff=1.0, beta=0.0, rate=2 * np.pi)
    one_euro(np.array([0.0]))
    # alpha = 1 / (1 + rate / (2 pi cutoff)) = 1 / 2
    np.testing.assert_allclose(one_euro(np.array([4.0])), [2.0])
    np.testing.assert_allclose(one_euro(np.array([4.0])), [3.0])


def test_speed_opens_the_filter():
    rate = 2 * np.pi
    one_euro = OneEuroFilter(1.0, beta=2.0, derivative_cutoff=1.0, rate=rate)
    one_euro(np.array([0.0]))
    # Speed 1 * rate / scale 2, halved by its own filter: rate / 4.
    cutoff = 1 + 2 * rate / 4
    alpha = 1 / (1 + 1 / cutoff)
    np.testing.assert_allclose(one_euro(np.array([1.0]), scale=2), [alpha])


def test_reset_clears_the_state():
    one_euro, low_pass = OneEuroFilter(0.1, 1.0), LowPass(0.1)
    for part in (one_euro, low_pass):
        part(np.array([100.0]))
        part.reset()
        np.testing.assert_array_equal(part(np.array([1.0])), [1.0])


def test_low_pass_weighs_the_new_sample():
    low_pass = LowPass(0.1)
    low_pass(np.array([1.0]))
    np.testing.assert_allclose(low_pass(np.array([0.0])), [0.9])
    np.testing.assert_allclose(low_pass(np.array([0.0])), [0.81])
