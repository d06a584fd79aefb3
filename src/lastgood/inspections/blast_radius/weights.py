"""The judgements of *Who is affected?*: what a description must hold, and how sure it can be."""

from lastgood.model.judgement import Amount, Count

# fmt: off
RADIUS_FAILURES = Count(10, "failing requests, to search for what they have in common", "judgement: of fewer any attribute is common by chance")
RADIUS_ALARM = Amount(0.001, "chance of the best description, over everything searched", "judgement: a wrong segment sends people the wrong way")
EVERYONE_FAILURES = Count(30, "failing requests, before *everyone* can be said", "judgement: of fewer a half that is spared may be missed")
EVERYONE_SURE = Amount(0.85, "of confidence that everyone is affected", "judgement: an attribute that no one recorded may part them")
RADIUS_SERVICES = Count(50, "services that are read", "judgement: bounds the work")
RADIUS_LEFT = Amount(0.05, "of the failures, from which it is said that no description fits them", "judgement: less is what fails anyway")
RADIUS_MOST_SURE = Amount(0.95, "of confidence at most", "judgement: what is common need not be the cause")
MIX_ASKED = Amount(1.25, "times as many failures as before, to ask whether the mix of requests accounts for them", "judgement: a mix moves by less otherwise")
SIBLING_REQUESTS = Count(10, "requests of a sibling of a segment, before it is said to work", "judgement: fewer can all be well by chance")
SIBLING_SPARED = Amount(0.5, "times the failure share of a segment: at most so many of a sibling can fail", "judgement: moving requests there then at least halves the failures")
SIBLING_LEVEL = Amount(0.95, "level of the interval of a sibling's failure share", "judgement: usual for one number")
ALSO_SHOWN = Count(5, "descriptions of the same requests", "judgement: so that a line stays readable")
SERVICES_REPORTED = Count(3, "services that are reported", "judgement: so that a line stays readable")
SLOW_ABOVE = Amount(0.95, "of the good durations: slower ones are affected", "judgement: slower than nineteen in twenty")
ERRORS_TIMES = Amount(2.0, "times the error lines of before, for a service to show symptoms", "judgement: less follows the work")
ERRORS_BY = Count(5, "error lines more than that", "judgement: fewer come by chance")
SUMMED_SERIES = Count(200_000, "series that are read", "judgement: bounds the work")
SUMMED_ALONE = Count(5, "metrics that are searched on their own, those that left their forecast most", "judgement: bounds the work")
SUMMED_LEAST = Amount(50.0, "of an amount, in both windows together", "judgement: of less a forecast is noise")
FORECAST_OFF = Amount(0.05, "of its forecast, by which an amount must be off", "judgement: forecasts are not better")
