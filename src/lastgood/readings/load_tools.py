"""Load generators and robots: requests that no person waits for, by the user agent in which programs name themselves."""

from lastgood.model.attributes import HTTP_METHOD, USER_AGENT

# What they send by default, as their documentation says.
_TOOLS = r"(?i)\b(k6|locust|jmeter|gatling|vegeta|wrk2?|hey|apachebench|artillery|autocannon|siege|loadrunner|neoload|blazemeter|oha|bombardier|fortio|tsung|goose|drill)(/|\b.{0,20}\d)"
AGENT = f"attributes['{USER_AGENT}']"
OF_LOAD_TOOLS = f"match({AGENT}, '{_TOOLS}')".replace("\\", "\\\\")
# Where no agent is written down, it is not known.
OF_OTHERS = f"({AGENT} != '' AND NOT {OF_LOAD_TOOLS})"
# Robots that read pages name themselves too, mostly with the address of a page about them.
_ROBOTS = r"(?i)(bot|crawler|spider|slurp)/|compatible;[^)]*(bot|crawl|spider|slurp)|\+https?://"
_READS = f"attributes['{HTTP_METHOD}'] NOT IN ('POST', 'PUT', 'PATCH', 'DELETE')"  # who sends something is a partner
OF_ROBOTS = f"({_READS} AND match({AGENT}, '{_ROBOTS}'))".replace("\\", "\\\\")
