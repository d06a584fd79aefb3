"""The judgements of *Is it us or them?*: by how much each observation multiplies the odds that it is the outside host."""

from lastgood.model.judgement import Amount, Count, Weight

# fmt: off
# From which odds a side is named.
ODDS_THEIRS = Amount(8.0, "to one, for the outside host to be named", "judgement: whoever names a third party stops to search at home")
ODDS_OURS = Amount(0.25, "to one, for the system itself to be named", "judgement: a search at home costs less than to wait for others")
SIDE_SURE = Amount(0.95, "of confidence at most", "judgement: telemetry shows one end of the line only")
FINE_SURE = Amount(0.8, "of confidence at most, where it is the system because no outside host fails", "judgement: a host may be called that no telemetry shows")
SAY_SURE = Amount(0.9, "of confidence, for the draft of a message to name the third party", "judgement: a public accusation is hard to take back")

# Counts.
FAIR_CALLS = Count(20, "calls, to know how a caller, a version or an instance fares", "judgement: of fewer a share is not known")
FAIR_FAILED = Count(3, "failed calls of one that fails", "judgement: one or two happen at any time")
FAIR_TIMES = Amount(5.0, "times as large a share fails of one as of another", "judgement: surely apart")
SMALL_SAMPLE = Count(30, "calls of a host in the bad window; of fewer the count is stated as small", "judgement: the interval of a smaller share is as wide as the share")
NATURE_MOST = Amount(0.5, "of the failed calls fail in one way: most", "judgement: half is the least that is most")
SHARED_HOSTS = Count(2, "outside hosts that fail at once, for the way out to be suspected", "judgement: two third parties seldom fail in one minute")
SHARED_MOST = Amount(0.75, "of the outside hosts that are called fail: nearly all", "judgement: three in four")
CAUSE_LEAST = Amount(0.3, "of the failed requests made a failed call to the host, for it to explain them", "judgement: others may fail before they call it")
ERRORS_MOST = Amount(0.4, "of the error lines name the host, for it to explain them", "judgement: callers of callers log errors that do not name it")
CAUSE_NONE = Amount(0.1, "of the failed requests at most made a failed call to the host: it does not explain them", "judgement: one in ten fails at any time by chance")
CAUSE_REQUESTS = Count(10, "failed requests, to say what they have in common", "judgement: of fewer a share is not known")
ASKED_MORE = Amount(1.5, "times as many calls a second as before", "judgement: half as many again is another load")
ALIKE_TOO = Amount(0.5, "of the calls of another host fail or are slower, to fail alike", "judgement: most")

# What points at the outside host.
OUTSIDE_FIRST = Weight(0.5, "most incidents are the system's own", "judgement: two in three, before anything is seen")
AT_THE_HOST = Weight(4.0, "requests break at {host}", "judgement: calls may fail there for what they send")
EXPLAINS = Weight(2.0, "{both:count} of {requests:count} failed requests made a failed call to {host}", "judgement: what fails together may have one cause at home")
ERRORS_NAME = Weight(2.5, "{named:count} of {errors:count} errors name {host}", "judgement: an error may name a host that it only reached")
SHOWN_CAUSE = Weight(2.0, "{why}", "judgement: as the causes beside changes were weighed")
SEVERAL_CALLERS = Weight(4.0, "{callers} fail alike at {host}", "judgement: callers share little but the way out")
UNCHANGED_CALLER = Weight(2.5, "{caller} was not changed, and fails at {host} too", "judgement: a change of one caller does not reach another")
VERSIONS_ALIKE = Weight(2.5, "versions {versions} fail alike at {host}", "judgement: a fault of the code has a version")
INSTANCES_ALIKE = Weight(1.5, "all {instances} instances that call {host} fail alike", "judgement: a fault of one machine has an instance")
ANSWERS_5XX = Weight(2.5, "{host} answers with {status} in {share:percent} of the failures", "judgement: a server says itself that it is at fault, or a proxy in between")
NO_ANSWER = Weight(1.5, "{share:percent} of the failures are {nature}", "judgement: a way out that is blocked looks the same")
SLOW_HOST = Weight(2.0, "calls take {more:duration} longer than before", "judgement: a client that is short of processor time looks the same")
THEIR_CERTIFICATE = Weight(3.0, "the certificate of {host} expired", "judgement: a clock that is wrong at home looks the same")
STATUS_PAGE = Weight(8.0, "{reported} is recorded at {at:%H:%M} UTC", "judgement: third parties report what they have, seldom what others have")
STATUS_PAGE_UNSURE = Weight(3.0, "{reported} is recorded at {at:%H:%M} UTC", "judgement: parts of a third party fail at most times")
PROBE_FAILS = Weight(3.0, "a probe finds a fault: {said}", "judgement: a probe from the same network shares its way out")
PARTY_EXPLAINS = Weight(2.0, "no change of yours matches the onset", "judgement: feeds miss sources")
OTHERS_FINE = Weight(1.5, "calls of {fine} work as before", "judgement: the way out works for them")

# What points at the system itself.
NOT_AT_A_HOST = Weight(0.1, "requests break at {where}, not at an outside host", "judgement: spans show where errors start")
HOSTS_FINE = Weight(0.2, "no outside host fails ({failed:count} of {calls:count} calls of {hosts})", "judgement: a host without spans may be among the callers")
NOT_THE_CAUSE = Weight(0.1, "only {both:count} of {requests:count} failed requests made a failed call to {host}", "judgement: what fails apart is not the cause")
ONE_VERSION = Weight(0.03, "only {version} of {caller} fails at {host}; {others} calls it as before", "judgement: the host does not know the version")
ONE_INSTANCE = Weight(0.1, "only instance {instance} of {caller} fails at {host}", "judgement: the host may refuse one address")
ONE_CALLER = Weight(0.1, "only {caller} fails at {host}; {others} calls it as before", "judgement: callers may use different parts of a host")
OWN_LIKELY = Weight(0.01, "the {change} is likely", "judgement: as it was weighed")
OWN_POSSIBLE = Weight(0.5, "the {change} is possible", "judgement: as it was weighed")
DENIED_CHANGED = Weight(0.1, "{host} refuses the credential ({status}) after the {change}", "judgement: a rotation at home is followed by refusals")
DENIED = Weight(0.5, "{host} refuses the credential ({status})", "judgement: keys end more often than providers fail to know them")
WRONG_CHANGED = Weight(0.1, "{host} refuses the requests as wrong ({status}) after the {change}", "judgement: a new version asks for what does not exist")
WRONG = Weight(0.7, "{host} refuses the requests as wrong ({status})", "judgement: an interface may change at either end")
LIMITED_MORE = Weight(0.15, "{host} limits the rate (429), and is called {times:multiple} as often as before", "judgement: retries add calls as well")
LIMITED_BY_HOST = Weight(0.5, "{host} limits the rate (429)", "judgement: quotas are used up more often than lowered")
CERTIFICATE_REFUSED = Weight(0.2, "{host} refuses the certificate that you present", "judgement: client certificates are renewed by hand")
CERTIFICATE = Weight(0.6, "TLS to {host} fails", "judgement: trust stores are at home, certificates are not")
UNRESOLVED = Weight(0.6, "the name {host} does not resolve", "judgement: resolvers are at home, zones are not")
ALL_HOSTS = Weight(0.04, "{hosts} fail at once: DNS or the way out is shared", "judgement: third parties seldom fail in one minute")
PROBE_FINE = Weight(0.4, "a probe of {host} finds no fault", "judgement: a probe asks once, and without your credential")
# fmt: on
