"""What attributes hold within, each an attribute by itself: parameters of a URL's query, and the product of a user agent.

`url.query.country` of `country=JPY&page=2`; `user_agent.product` is the application with its version (RFC 9110, 10.1.5), of
browsers the browser with its major version, for all of them begin with `Mozilla/5.0`.
"""

from lastgood.model.attributes import URL_QUERY, USER_AGENT, USER_AGENT_PRODUCT

PARAMETER = f"{URL_QUERY}."
_QUERY = f"concat('?', attributes['{URL_QUERY}'])"
_AGENT = f"attributes['{USER_AGENT}']"
# Some say to be another as well, and stand behind it.
_BROWSER = f"extract({_AGENT}, '(?:EdgA?|OPR|SamsungBrowser|YaBrowser|Vivaldi)/[0-9]+')"
_OTHER = f"extract({_AGENT}, '(?:Firefox|FxiOS|CriOS|Chrome)/[0-9]+')"
_SAFARI = f"replaceOne(extract({_AGENT}, 'Version/[0-9]+'), 'Version', 'Safari')"
_PRODUCT = f"multiIf(NOT startsWith({_AGENT}, 'Mozilla/'), extract({_AGENT}, '^[^\\\\s(;,]{{1,80}}'), {_BROWSER} != '', {_BROWSER}, {_OTHER} != '', {_OTHER}, {_SAFARI})"
# SQL for the names of what is within, of one row, and for their names with their values.
INNER_NAMES = f"""arrayConcat(if({_AGENT} != '', ['{USER_AGENT_PRODUCT}'], []),
             arrayMap(name -> concat('{PARAMETER}', name), extractURLParameterNames({_QUERY})))"""
INNER_PAIRS = f"""arrayConcat([('{USER_AGENT_PRODUCT}', {_PRODUCT})],
             arrayMap(p -> (concat('{PARAMETER}', splitByChar('=', p)[1]), decodeURLFormComponent(substring(p, position(p, '=') + 1))),
             extractURLParameters({_QUERY})))"""


def value_sql(name: str, key: str) -> str:
    """SQL for the value of an attribute that is no column, where `key` is the bound parameter of its name."""
    bound = f"{{{key}:String}}"
    if name == USER_AGENT_PRODUCT:
        return _PRODUCT
    if name.startswith(PARAMETER):
        parameter = f"substring({bound}, {len(PARAMETER) + 1})"
        return f"decodeURLFormComponent(extractURLParameter({_QUERY}, {parameter}))"
    return f"if(attributes[{bound}] != '', attributes[{bound}], resource[{bound}])"
