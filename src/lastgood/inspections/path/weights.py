"""The judgements of *Where does the path break?*: how sure each way of telling it is, and how much is shown."""

from lastgood.model.judgement import Amount, Count

# fmt: off
ERRORS_BASE = Amount(0.5, "of confidence in the first bad hop of failing traces, to which lift and agreement add", "judgement: as likely as its caller, before they are seen")
ERRORS_AGREE = Amount(0.5, "of confidence adds the share of failing traces that agree", "judgement: all agree, and no doubt is left")
ERRORS_MOST_SURE = Amount(0.99, "of confidence at most, by failing traces", "judgement: traces are sampled")
AGREE_LEAST = Amount(0.5, "of the failing traces agree on a hop, for it to be known", "judgement: less is several paths")
TIME_SHARE = Amount(0.02, "of all time that requests take, for more time at a hop to be the break", "judgement: less is not what users wait for")
TIME_MIDDLE = Amount(0.5, "between the past and the present duration, from which a call counts as slow", "judgement: the middle parts them best")
TIME_SURE = Amount(0.9, "of confidence, where all that is slower is there", "judgement: slowness is passed on in waits that no span shows")
STEPS_LEAST = Amount(0.25, "of strength, for another way to be the break", "as lastgood.inspections.culprit.weights.NAMED_LEAST")
PROXY_SURE = Amount(0.8, "of confidence, where all requests agree in logs of proxies", "judgement: the first hop only is seen")
LINES_SURE = Amount(0.6, "of confidence, where all requests agree in their first error line", "judgement: it trusts the clocks of hosts")
HOPS_SHOWN = Count(20, "rows of the tables of hops", "judgement: so that a table stays readable")
TIMES_SHOWN = Count(10, "rows of the table of times", "judgement: so that a table stays readable")
SPANS_SHOWN = Count(200, "spans of a trace that is shown", "judgement: so that a tree stays readable")
CALLERS_SEVERAL = Count(2, "callers, for the last good hop to be open", "judgement: with one there is no other")
