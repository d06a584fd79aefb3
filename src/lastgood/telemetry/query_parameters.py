"""Parameters of a URL's query, each an attribute by itself: `url.query.country` of `country=JP&page=2`."""

from lastgood.model.attributes import URL_QUERY

PARAMETER = f"{URL_QUERY}."
_QUERY = f"concat('?', attributes['{URL_QUERY}'])"
# SQL for the names of the parameters of one row, and for their names with their values.
PARAMETER_NAMES = f"arrayMap(name -> concat('{PARAMETER}', name), extractURLParameterNames({_QUERY}))"
PARAMETER_PAIRS = f"""arrayMap(p -> (concat('{PARAMETER}', splitByChar('=', p)[1]), decodeURLFormComponent(substring(p, position(p, '=') + 1))),
             extractURLParameters({_QUERY}))"""


def value_sql(name: str, key: str) -> str:
    """SQL for the value of an attribute that is no column, where `key` is the bound parameter of its name."""
    bound = f"{{{key}:String}}"
    if name.startswith(PARAMETER):
        parameter = f"substring({bound}, {len(PARAMETER) + 1})"
        return f"decodeURLFormComponent(extractURLParameter({_QUERY}, {parameter}))"
    return f"if(attributes[{bound}] != '', attributes[{bound}], resource[{bound}])"
