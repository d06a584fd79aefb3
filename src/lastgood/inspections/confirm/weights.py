"""The judgements of *Is it real?*: what counts as harm, and what "no" must exclude."""

from lastgood.model.judgement import Amount, Count

# fmt: off
STANDING_SURE = Amount(0.9, "of confidence in an outage that is one by its level alone", "judgement: a system that always fails is rare, data of failures alone are not")
TRAFFIC_LOST = Amount(0.6, "of the usual traffic at most is a loss", "as lastgood.inspections.onset.weights.TRAFFIC_LEFT")
MESSAGES_UNDONE = Amount(0.1, "of what a consumer takes is not done, to be harm", "judgement: some of it is taken again")
NO_REQUESTS = Count(30, "requests in each window, before *no* can be said", "judgement: of fewer a rise cannot be excluded")
NO_EXCLUDES = Amount(0.05, "of requests: a rise of failures that *no* must be able to exclude", "judgement: users notice one in twenty")
CONFIRM_MANY = Count(20, "failures more than expected are surely harm", "judgement: bursts of one cause are smaller")
CONFIRM_MANY_SURE = Amount(0.99, "of confidence with so many, or by latency", "judgement: windows and seasons that the data do not show")
CONFIRM_FEW_SURE = Amount(0.95, "of confidence with fewer", "judgement: they may be one burst")
CONFIRM_SURE = Amount(0.9, "of confidence by less direct signs, and that nothing is wrong", "judgement: they tell of users by way of others")
METRICS_FELT = Amount(0.9, "of confidence by metrics of what users see", "judgement: averages, sampled seldom")
METRICS_INNER = Amount(0.7, "of confidence by metrics of inner parts", "judgement: no user may notice")
METRICS_SHOWN = Count(10, "metrics in the table", "judgement: so that a table stays readable")
LOUDER_TIMES = Amount(2.0, "times the error lines that the work accounts for", "judgement: less follows the work")
CLIENT_LINES = Count(20, "lines of a service in the bad window, for its silence about errors to mean something", "judgement: fewer may be between two errors")
ONE_OF_USERS = Count(3, "users, of whom one alone may be in trouble", "judgement: of two, one is half")
CONFIRM_LEVEL = Amount(0.95, "of confidence in the interval that is told", "judgement: the usual level")
MIDDLE = Amount(0.5, "of the durations are below the quantile that is told of slow requests", "judgement: the middle is what most users meet")
NOTICED = Amount(0.1, "s that an answer takes longer, for users to notice", "paper: Nielsen, Usability Engineering, 1993: up to it an answer seems immediate")
NOTICED_TIMES = Amount(2.0, "times the usual duration is noticed whatever it is", "judgement: pages are many such answers")
UNNOTICED_SURE = Amount(0.8, "of confidence that a smaller delay is no harm", "judgement: an objective may say otherwise")
REFUSED_MORE = Count(20, "requests refused as wrong, more than usual, to be harm", "judgement: one broken client sends as many")
REFUSED_SENDERS = Count(5, "senders at least, to be harm", "judgement: fewer may share one broken client")
REFUSED_SURE = Amount(0.8, "of confidence by refusals", "judgement: several senders at once seldom all err")
LOUDER_AS_USUAL = Amount(0.8, "of confidence that error lines are as at the same hour of other days", "judgement: lines do not show whether requests succeed")
