"""Load generators: requests that tests send, by the user agent in which their tools name themselves."""

from lastgood.model.attributes import USER_AGENT

# What they send by default, as their documentation says.
_TOOLS = r"(?i)\b(k6|locust|jmeter|gatling|vegeta|wrk2?|hey|apachebench|artillery|autocannon|siege|loadrunner|neoload|blazemeter|oha|bombardier|fortio|tsung|goose|drill)(/|\b.{0,20}\d)"
AGENT = f"attributes['{USER_AGENT}']"
OF_LOAD_TOOLS = f"match({AGENT}, '{_TOOLS}')".replace("\\", "\\\\")
# Where no agent is written down, it is not known.
OF_OTHERS = f"({AGENT} != '' AND NOT {OF_LOAD_TOOLS})"
