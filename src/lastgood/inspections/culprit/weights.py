"""The judgements of *Which component is at fault?*: how strong each kind of evidence is, and from where on it is some.

Strengths lie between 0 and 1; those of different kinds combine as independent reasons (lastgood.algorithms.blame).
"""

from lastgood.model.judgement import Amount, Count, Weight

# fmt: off
# Who is named.
NAMED_LEAST = Amount(0.25, "of strength, for the first to be named at all", "judgement: below it one in four of such signs is chance")
NAMED_GIVEN = Amount(0.05, "of strength, where a person says that the window is bad", "judgement: that it is bad need not be shown any more")
NAMED_NEXT = Amount(0.02, "of strength, of those named after the first", "judgement: a list of candidates helps where the first is wrong")
OTHER_MEANT = Amount(0.5, "of confidence, where what was found is faint and over for long", "judgement: as likely another trouble is meant")
CULPRITS_NAMED = Count(10, "culprits that are named", "judgement: no one reads further at night")
FAINT_NAMED = Count(3, "suspects that are reported where none is clear", "judgement: so that a line stays readable")
REASONS_REPORTED = Count(3, "kinds of evidence that are reported of one", "judgement: so that a line stays readable")
CALM_EXCLUDES = Amount(0.05, "of requests: a rise of failures that the counts must exclude, for requests to be as before", "as lastgood.inspections.confirm.weights.NO_EXCLUDES")
PASSED_ON_LEAST = Count(10, "failures that may be caught, where requests are as before", "judgement: fewer come by chance")
ILL_BY_SPANS = Amount(0.1, "of strength in its own spans, for its resources not to be caught from a callee", "judgement: who waits for another neither spends time nor fails")
USED_TELLS = Amount(0.5, "of strength, for a resource to explain why its service is slow", "judgement: a full resource is the reason, a busy one a sign")
AS_STRONG = Amount(0.5, "of the strongest reason: others as strong may add to it", "judgement: strengths are only sure to a factor of two")
SAME_TRACES = Amount(0.8, "of the traces that show one sign show the other, for them to be one", "judgement: nearly all, for traces are sampled")
HOST_VICTIMS = Count(2, "services ill on one host, for the host to be ill", "judgement: one is the service")

# One instance among others.
ONE_LOSES = Amount(0.8, "of what a service loses is lost by one instance", "judgement: nearly all; others lose by retries")
PEERS_EXPECTED = Count(10, "failures that the other instances would have had at the rate of the worst, to be held against it", "judgement: three or less instead of ten have a chance of 1 % (Poisson)")
PEERS_SPARED = Amount(3.0, "times fewer of them than that", "judgement: three or less instead of ten have a chance of 1 % (Poisson)")
ONE_WORKS = Amount(0.6, "of the work at most is done by that instance", "judgement: who does it all has no peers")
INSTANCE_FAILURES = Count(10, "failures or error lines more of an instance", "judgement: fewer come by chance")
INSTANCE_SECONDS = Amount(1.0, "s of own time more of an instance", "judgement: a shorter wait is not noticed")
INSTANCES_LEAST = Count(2, "instances, to hold one against the others", "judgement: there is no other below")

# What a platform says of processes.
KILLED_FOR_MEMORY = Weight(0.75, "{events} platform events ({before} before) for {processes} of its pods: “{sample}”", "judgement: a limit may have been lowered, or a callee hold its requests")
RESTARTED = Weight(0.5, "{events} platform events ({before} before) for {processes} of its pods: “{sample}”", "judgement: a probe fails for want of what a process waits for as well")
PLATFORM_EVENTS = Count(2, "events in the bad window", "judgement: one process may die by chance")
PLATFORM_SCALE = Amount(2.0, "events more than expected give 0.63 of the strength", "judgement: the second event is hardly chance")
PLATFORM_MORE = Amount(1.0, "events more than expected, at least", "judgement: less than one is none")

LINK_LOSES = Weight(0.95, "{metric} is {bad} ({good} before), while {peers} other machines are as usual", "judgement: a network that loses packets makes victims of all that runs on it and of all who ask it")

# Clocks that jumped.
CLOCK_JUMPED = Weight(0.2, "{how}", "judgement: many clocks are wrong and harm no one")
CLOCK_REFUSED_ALSO = Weight(0.9, "{how}, and errors refuse tokens or requests for their time", "judgement: both at once are not chance")
CLOCK_REFUSES_ALONE = Weight(0.8, "{how}", "judgement: whoever issues the times has one clock for all who read them")
CLOCK_ALONE = Amount(0.9, "of what is refused for its time, refused by one machine", "judgement: nearly all")
CLOCK_MACHINES = Count(2, "machines that refuse for a time, or are called alike", "judgement: of one it is not known whose clock is wrong")
CLOCK_APART = Amount(5.0, "s more that a clock is off than before", "judgement: most who check times allow for less, and scrapes take less")
CLOCK_STALE = Amount(300.0, "s behind may be an old value", "judgement: Prometheus answers with values of up to five minutes ago")
CLOCK_LINES = Count(1, "lines that report a jump, and none before", "judgement: the system says so once")
CLOCK_REFUSALS = Count(5, "lines that refuse a time, at least twice as many as before", "judgement: a phone with a wrong clock sends some at any time")

# What a process lacks of its own.
OWN_WANT_LEAST = Count(5, "lines of a service that it lacks descriptors, ports, memory or threads", "judgement: fewer come from one moment")
OWN_WANT_TIMES = Amount(3.0, "times as many of them as in the baseline", "judgement: surely apart, whatever the lengths of the windows")

# Silence.
SILENT_SERVICE = Weight(0.7, "it stopped sending telemetry: no {signals} ({number:count} before); other services continue", "judgement: of several at once one is the cause at most; the others get nothing to do for it")
SILENCE_REPORTED = Count(20, "things reported before, of a kind, for its end to mean something", "judgement: fewer pause for as long")
KIN_PARTS = Count(2, "words of its name, that one of its kind has as well", "judgement: one word is shared by chance")
TAKEN_OVER = Amount(0.5, "of what it wrote is written more by one of its kind: its work was moved there", "judgement: half, for the other may fail part of it")
SILENCE_STRETCHES = Count(120, "stretches of the window: between two with data, it is silent", "judgement: how fine a pause is seen")
SILENCE_STRETCH = Count(5, "s that a stretch has at least", "judgement: exporters send in batches of some seconds")
SILENCE_LONGER = Amount(3.0, "times as long as any pause before", "judgement: the longest of many pauses is seldom passed threefold")
STEADY_STRETCHES = Count(6, "stretches with data, to know how much it usually reports", "judgement: of fewer the mean says little")
MOST_SILENT = Amount(0.5, "of all services silent at once are lost telemetry", "judgement: half of a system does not die at one time")
MOSTLY_ASKED = Amount(0.5, "of its requests came from another, for it to be called", "judgement: most")

# What log lines say.
NEW_ERRORS = Weight(0.6, "{bad} errors “{text}” (0 before)", "judgement: an error never reported before is not always the trouble, and may be caught")
MORE_ERRORS = Weight(0.4, "{bad} errors “{text}” ({good} before)", "judgement: it was harmless before, so less than a new one")
REPORTED_ERRORS = Weight(0.35, "{bad} errors “{text}” ({good} before) report that what it calls fails", "judgement: who says that another failed is rather its victim")
REFUSED_STATEMENTS = Weight(0.25, "{bad} errors “{text}” ({good} before): it refuses statements that do not fit its tables", "judgement: it answers as it should; who sends them, or who changed the tables, is rather at fault")
FIELDS_NAME = Amount(0.5, "of the error fields of a service, that name one peer", "judgement: most")
NAMED_BY_CALLER = Weight(1.2, "{caller} logs {said}", "judgement: who is named is more likely at fault than who reports it, and may be a victim itself")
ERRORS_LEAST = Count(3, "errors of a statement", "judgement: fewer come by chance")
ACCOUNTED_FEWEST = Count(10, "requests more that end with an error, for a service's own errors to be held against them", "judgement: fewer come by chance")
ACCOUNTED_SHARE = Amount(0.5, "of them that one error of its own accounts for, to be why", "judgement: most")
ERRORS_MORE = Amount(2.0, "times as many as before, by the lines of its service", "judgement: less is the spread of counts in bursts")
ERRORS_SCALE = Amount(0.03, "of a service's lines more give 0.63 of the strength", "judgement: one error for each of thirty lines is a request in a few")
RENUMBERED = Amount(0.3, "of a service's lines are new by their line number only: another version", "judgement: a deploy moves a file's lines, seldom all files")
QUOTE_LETTERS = Count(20, "characters of another's error, for them to be a quote of it", "judgement: shorter texts are common")
CACHE_LOST = Weight(0.9, "the cache of {service} answers {now:percent} of good requests ({before:percent} before), so what lies behind gets {through:multiple} its share", "judgement: what lies behind is flooded by it; an origin that sends what cannot be kept looks the same")
CACHE_LOST_SCALE = Amount(1.0, "times as much more let through gives 0.63 of the strength", "judgement: twice the load is more than most can bear")
SLOW_STATEMENTS = Weight(0.7, "{bad} slow statements “{text}” ({good} before the bad window; the first at {first} UTC)", "judgement: the store says so itself; who sends them may be why")
STATEMENTS_SCALE = Amount(10.0, "slow statements more give 0.63 of the strength", "judgement: ten are not a pause of the store")
STATEMENT_LETTERS = Count(160, "characters of a statement that are shown", "judgement: up to the condition of most")
LINES_FOLLOWED = Count(150_000, "lines that are followed; of more one trace in so many", "measured: following costs 1.2 s of processor time a million (make bench ONLY=questions)")

# What callers' counters say.
CLIENTS_FAIL = Weight(0.85, "{bad} of {bad_of} calls from {caller} to {callee} fail ({good} of {good_of} before){others}", "judgement: counted, but without traces")
CLIENT_CALLS = Count(20, "calls in either window", "judgement: of fewer the intervals hardly ever part")
CLIENTS_SCALE = Amount(0.03, "of calls more that fail give 0.63 of the strength", "judgement: three in a hundred affect users")

# Names that do not resolve.
NAME_BY_CALLER = Amount(0.7, "of strength, for who asks for a name that no one was seen to call", "judgement: the caller may have got it wrong, as likely as not")
NAME_ITSELF = Amount(0.65, "of strength, for such a name itself", "judgement: as likely as its caller; the caller is first, for it can be read")
